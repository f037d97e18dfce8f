package dev.reprise.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecimalsTest {
  @Test
  void figuresAreRoundedHalfAwayFromZero() {
    assertThat(Decimals.of(0.9625, 3)).isEqualTo("0.963");
    assertThat(Decimals.of(0.9624, 3)).isEqualTo("0.962");
    assertThat(Decimals.of(-0.9625, 3)).isEqualTo("-0.963");
    assertThat(Decimals.of(1, 3)).isEqualTo("1.000");
    assertThat(Decimals.of(12.05, 1)).isEqualTo("12.1");
  }

  @Test
  void whatIsRoundedToZeroHasNoSign() {
    assertThat(Decimals.of(-0.0004, 3)).isEqualTo("0.000");
  }

  @Test
  void whatIsNoFigureIsWrittenAsJavaDoes() {
    assertThat(Decimals.of(Double.NaN, 2)).isEqualTo("NaN");
    assertThat(Decimals.of(Double.NEGATIVE_INFINITY, 2)).isEqualTo("-Infinity");
    assertThat(Decimals.of(1e300, 2)).isEqualTo("1.0E300");
  }

  @Test
  void figuresAreThoseOfAFormatter() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      double value = random.nextGaussian() * 10;
      String expected = String.format(Locale.ROOT, "%.2f", value);
      assertThat(Decimals.of(value, 2)).isEqualTo(expected.equals("-0.00") ? "0.00" : expected);
    }
  }
}
