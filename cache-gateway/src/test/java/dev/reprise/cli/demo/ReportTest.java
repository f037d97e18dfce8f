package dev.reprise.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cli.io.HeaderLine;
import dev.reprise.cli.io.Resources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final DemoCache.Comparison REJECTED =
      new DemoCache.Comparison(0.264, 0.264, false, "cosine 0.264 is below 0.950");

  @Test
  void looksAsItShouldInAscii() {
    assertThat(DemoReport.of(Samples.result(Samples.run(), REJECTED), false))
        .isEqualTo(Resources.text("report-ascii.txt"));
  }

  @Test
  void looksAsItShouldInUnicode() {
    assertThat(DemoReport.of(Samples.result(Samples.run(), REJECTED), true))
        .isEqualTo(Resources.text("report-unicode.txt"));
  }

  @Test
  void headerWrapsBehindTheName() {
    String text = DemoReport.header(List.of(new HeaderLine("prices", "word ".repeat(30).strip())));
    assertThat(text.lines())
        .contains(
            "  prices      " + "word ".repeat(17).strip(),
            " ".repeat(14) + "word ".repeat(13).strip());
  }

  @Test
  void sayWhenThePairIsAHit() {
    DemoCache.Comparison accepted = new DemoCache.Comparison(0.264, 0.859, true, "the same words");
    assertThat(DemoReport.of(Samples.result(Samples.run(), accepted), true))
        .contains("their cosine is 0.264,\n  and 0.859 once the acronym is written out.")
        .contains("So the one's answer is served for the other.");
  }

  @Test
  void noHitsAreNoWrongAnswers() {
    List<Asked> misses =
        List.of(new Asked(Samples.question(1, "Why?", "why"), Samples.miss("So.", 100)));
    assertThat(DemoReport.of(Samples.result(misses, REJECTED), true))
        .contains("Wrong answers served: none, as nothing was served from the cache");
  }

  @Test
  void theSameMistakeIsListedOnce() {
    List<Asked> twice = new ArrayList<>(Samples.run());
    twice.add(Samples.run().get(5));
    assertThat(DemoReport.of(Samples.result(twice, REJECTED), true))
        .contains("Wrong answers served: 3 of 6 hits", "How do I turn it off? (2 times)")
        .doesNotContain("   3. ");
  }

  @Test
  void timesHaveThreeDigits() {
    assertThat(
            List.of(
                DemoReport.time(Duration.ofNanos(17)),
                DemoReport.time(Duration.ofNanos(1_234)),
                DemoReport.time(Duration.ofNanos(45_678_901)),
                DemoReport.time(Duration.ofMillis(110_456)),
                DemoReport.time(Duration.ofMinutes(125)),
                DemoReport.time(Duration.ofMillis(-3))))
        .containsExactly("17 ns", "1.23 us", "45.7 ms", "110 s", "125 min", "-3.00 ms");
  }
}
