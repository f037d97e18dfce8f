package dev.reprise.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void figuresAreRoundedHalfAwayFromZero() {
    assertThat(Figures.of(0.9625, 3)).isEqualTo("0.963");
    assertThat(Figures.of(0.9624, 3)).isEqualTo("0.962");
    assertThat(Figures.of(-0.9625, 3)).isEqualTo("-0.963");
    assertThat(Figures.of(1, 3)).isEqualTo("1.000");
    assertThat(Figures.of(12.05, 1)).isEqualTo("12.1");
  }

  @Test
  void whatIsRoundedToZeroHasNoSign() {
    assertThat(Figures.of(-0.0004, 3)).isEqualTo("0.000");
  }

  @Test
  void whatIsNoFigureIsWrittenAsJavaDoes() {
    assertThat(Figures.of(Double.NaN, 2)).isEqualTo("NaN");
    assertThat(Figures.of(Double.NEGATIVE_INFINITY, 2)).isEqualTo("-Infinity");
    assertThat(Figures.of(1e300, 2)).isEqualTo("1.0E300");
  }

  @Test
  void figuresAreThoseOfAFormatter() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      double value = random.nextGaussian() * 10;
      String expected = String.format(Locale.ROOT, "%.2f", value);
      assertThat(Figures.of(value, 2)).isEqualTo(expected.equals("-0.00") ? "0.00" : expected);
    }
  }
}
