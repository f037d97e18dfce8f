package dev.reprise.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reprise.cli.demo.Statistics.Kind;
import dev.reprise.cli.demo.Statistics.Row;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatisticsTest {
  private final Statistics statistics =
      Statistics.of(Samples.run(), Duration.ofMillis(620), Samples.PRICES);

  @Test
  void everyQuestionIsInOneRow() {
    assertThat(statistics.rows())
        .extracting(Row::kind)
        .containsExactly(Kind.EXACT_HIT, Kind.SEMANTIC_HIT, Kind.MISS, Kind.BYPASS, Kind.FAILURE);
    assertThat(statistics.rows()).extracting(Row::count).containsExactly(3, 2, 3, 1, 1);
    assertThat(statistics.all().count()).isEqualTo(10);
    assertThat(statistics.hits()).isEqualTo(5);
    assertThat(statistics.rows().stream().mapToDouble(Row::share).sum()).isCloseTo(1, within(1e-9));
  }

  @Test
  void aHitSavesTheUpstreamsTimeLessItsOwn() {
    assertThat(statistics.timeSaved()).isEqualTo(Duration.ofMillis(5 * 100));
    assertThat(statistics.timeWithoutCache())
        .isEqualTo(Duration.ofMillis(3 * 101 + 2 * 104 + 104 + 101 + 200 + 95 + 5));
  }

  @Test
  void aHitSavesWhatTheAnswerCost() {
    assertThat(statistics.costSaved()).isCloseTo(5 * 0.02, within(1e-9));
    assertThat(statistics.costWithoutCache()).isCloseTo(9 * 0.02, within(1e-9));
  }

  @Test
  void tellsWhyQuestionsWentPastTheCache() {
    assertThat(statistics.bypassReasons())
        .containsExactly(new Statistics.ReasonCount("it is out of date at once", 1));
  }

  @Test
  void tellsWhatTheCacheAddsToAMiss() {
    assertThat(statistics.overhead().count()).isEqualTo(3);
    assertThat(statistics.overhead().median()).isEqualTo(Duration.ofMillis(3));
  }

  @Test
  void warmthIsTheShareOfHitsInEachTenth() {
    assertThat(statistics.warmth())
        .containsExactly(0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0);
  }

  @Test
  void percentilesAreNearestRanks() {
    List<Duration> hundred = IntStream.rangeClosed(1, 100).mapToObj(Duration::ofMillis).toList();
    assertThat(Statistics.percentile(hundred, 0.50)).isEqualTo(Duration.ofMillis(50));
    assertThat(Statistics.percentile(hundred, 0.99)).isEqualTo(Duration.ofMillis(99));
    assertThat(Statistics.percentile(List.of(Duration.ofMillis(7)), 0.99))
        .isEqualTo(Duration.ofMillis(7));
    assertThat(Statistics.percentile(List.of(), 0.5)).isZero();
  }

  @Test
  void nothingAskedIsNothing() {
    Statistics none = Statistics.of(List.of(), Duration.ZERO, Samples.PRICES);
    assertThat(none.all()).isEqualTo(new Row(Kind.ALL, "", 0, 0, Duration.ZERO, Duration.ZERO));
  }
}
