package dev.reprise.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateTest {
  /**
   * R. G. Newcombe, "Two-sided confidence intervals for the single proportion: comparison of seven
   * methods", Statistics in Medicine 17 (1998), table I, method 3.
   */
  @ParameterizedTest
  @CsvSource({
    "81, 263, 0.2553, 0.3662",
    "15, 148, 0.0624, 0.1605",
    "0, 20, 0.0000, 0.1611",
    "1, 29, 0.0061, 0.1718"
  })
  void intervalsAreThePublishedOnes(int count, int of, double low, double high) {
    Rate rate = new Rate(count, of);
    assertThat(rate.low()).isEqualTo(low, within(0.00005));
    assertThat(rate.high()).isEqualTo(high, within(0.00005));
    assertThat(rate.value()).hasValue((double) count / of);
  }

  @Test
  void theIntervalHoldsTheRate() {
    for (int count = 0; count <= 7; count++) {
      Rate rate = new Rate(count, 7);
      assertThat(rate.value().getAsDouble()).isBetween(rate.low() - 1e-12, rate.high() + 1e-12);
    }
  }

  @Test
  void theIntervalIsOfRates() {
    for (int of = 1; of <= 5_000; of++) {
      assertThat(new Rate(0, of).low()).as("of %d", of).isNotNegative();
      assertThat(new Rate(of, of).high()).as("of %d", of).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void ofNothingNothingIsKnown() {
    Rate rate = new Rate(0, 0);
    assertThat(rate.value()).isEmpty();
    assertThat(rate.low()).isZero();
    assertThat(rate.high()).isEqualTo(1);
  }

  @Test
  void moreThanAllIsRefused() {
    assertThatThrownBy(() -> new Rate(3, 2)).hasMessageContaining("count is 3");
    assertThatThrownBy(() -> new Rate(0, -1)).hasMessageContaining("of is -1");
  }

  @Test
  void aTallyAddsUp() {
    Tally tally = new Tally(100, 10, 1, 20, 5);
    assertThat(tally.hitRate()).isEqualTo(new Rate(20, 100));
    assertThat(tally.wrongPerLookup()).isEqualTo(new Rate(5, 100));
    assertThat(tally.wrongPerHit()).isEqualTo(new Rate(5, 20));
    assertThatThrownBy(() -> new Tally(10, 5, 0, 6, 0)).hasMessageContaining("hits is 6");
    assertThatThrownBy(() -> new Tally(10, 0, 0, 3, 4)).hasMessageContaining("wrongHits is 4");
  }
}
