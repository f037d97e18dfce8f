package dev.reprise.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reprise.match.Calibration.Point;
import dev.reprise.match.Calibration.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalibrationTest {
  /** Lookups that are right by a known law. */
  private static List<Sample> lookups(String group, int count, double bias, long seed) {
    Random random = new Random(seed);
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double logOdds = 3 * random.nextGaussian();
      double crowding = random.nextDouble();
      double probability = 1 / (1 + Math.exp(-(bias + 1.5 * logOdds - 2 * crowding)));
      samples.add(new Sample(group, logOdds, crowding, random.nextDouble() < probability));
    }
    return samples;
  }

  @Test
  void theFitFindsTheLawBehindTheSamples() {
    Calibration fit = Calibration.fit(lookups("a", 20_000, 0.5, 1));
    assertThat(fit.bias()).isCloseTo(0.5, within(0.15));
    assertThat(fit.scale()).isCloseTo(1.5, within(0.1));
    assertThat(fit.crowding()).isCloseTo(-2, within(0.25));
    assertThat(fit.probability(2, 0.5)).isCloseTo(1 / (1 + Math.exp(-2.5)), within(0.02));
    assertThat(fit.probability(2, 0.9)).isLessThan(fit.probability(2, 0.1));
    assertThat(fit.probability(1e9, 0)).isEqualTo(Calibration.SUREST).isLessThan(1);
    assertThat(fit.probability(-1e9, 0)).isZero();
  }

  @Test
  void whatThePointsAcceptHoldsTheBoundOnOtherLookups() {
    Calibration fit = Calibration.fit(lookups("a", 10_000, 0, 2));
    List<Sample> others = lookups("a", 50_000, 0, 3);
    assertThat(fit.points()).hasSizeGreaterThan(6);
    for (Point point : fit.points()) {
      double hits = 0;
      double wrong = 0;
      for (Sample sample : others) {
        if (fit.probability(sample.logOdds(), sample.crowding()) >= point.leastConfidence()) {
          hits++;
          wrong += sample.isSame() ? 0 : 1;
        }
      }
      double of = point.bound().kind() == WrongAnswerBound.Kind.PER_HIT ? hits : others.size();
      assertThat(hits).as(point.toString()).isPositive();
      assertThat(wrong / of).as(point.toString()).isLessThanOrEqualTo(1.1 * point.bound().rate());
    }
  }

  @Test
  void aBoundIsHeldInEveryGroup() {
    List<Sample> samples = lookups("easy", 5_000, 2, 4);
    double alone = least(Calibration.fit(lookups("hard", 5_000, -2, 5)));
    samples.addAll(lookups("hard", 5_000, -2, 5));
    Calibration both = Calibration.fit(samples);
    assertThat(least(both)).isGreaterThan(0.5);
    assertThat(alone).isGreaterThan(0.5);
    List<Sample> hard = lookups("hard", 50_000, -2, 6);
    long wrong =
        hard.stream()
            .filter(s -> !s.isSame())
            .filter(s -> both.probability(s.logOdds(), s.crowding()) >= least(both))
            .count();
    assertThat(wrong / 50_000.0).isLessThanOrEqualTo(0.011);
  }

  private static double least(Calibration calibration) {
    return calibration.leastConfidence(WrongAnswerBound.perLookup(0.01)).orElseThrow();
  }

  @Test
  void lookupsThatWereNotVerifiedCountAsLookupsOnly() {
    List<Sample> samples = lookups("a", 5_000, 0, 7);
    double few = least(Calibration.fit(samples));
    for (int i = 0; i < 20_000; i++) {
      samples.add(new Sample("a", Double.NEGATIVE_INFINITY, 0, false));
    }
    assertThat(least(Calibration.fit(samples))).isLessThan(few);
  }

  @Test
  void aSampleCountsAsOftenAsItsWeightSays() {
    List<Sample> plain = new ArrayList<>();
    List<Sample> weighted = new ArrayList<>();
    for (Sample sample : lookups("a", 4_000, 0, 11)) {
      weighted.add(new Sample("a", sample.logOdds(), sample.crowding(), sample.isSame(), 3));
      for (int i = 0; i < 3; i++) {
        plain.add(sample);
      }
    }
    Calibration one = Calibration.fit(plain);
    Calibration other = Calibration.fit(weighted);
    assertThat(other.scale()).isCloseTo(one.scale(), within(1e-6));
    assertThat(other.bias()).isCloseTo(one.bias(), within(1e-6));
    // As many lookups, but known from a third of the samples: surer is asked for.
    assertThat(least(other)).isGreaterThan(least(one));
    assertThat(least(other))
        .isCloseTo(least(Calibration.fit(lookups("a", 4_000, 0, 11))), within(1e-5));
  }

  @Test
  void aHeavyMistakeWeighsMoreThanALightOne() {
    List<Sample> light = lookups("a", 4_000, 2, 12);
    List<Sample> heavy = new ArrayList<>();
    for (Sample sample : light) {
      heavy.add(
          sample.isSame()
              ? sample
              : new Sample("a", sample.logOdds(), sample.crowding(), false, 2));
    }
    Calibration shape = Calibration.fit(light);
    assertThat(least(Calibration.fit(heavy))).isNotEqualTo(least(shape));
    List<Sample> others = lookups("a", 50_000, 2, 13);
    Calibration fit = Calibration.fit(heavy);
    double wrong = 0;
    double all = 0;
    for (Sample sample : others) {
      double weight = sample.isSame() ? 1 : 2;
      all += weight;
      boolean isHit = fit.probability(sample.logOdds(), sample.crowding()) >= least(fit);
      wrong += isHit && !sample.isSame() ? weight : 0;
    }
    assertThat(wrong / all).isLessThanOrEqualTo(0.011);
  }

  @Test
  void aWeightIsMoreThanNothing() {
    assertThatThrownBy(() -> new Sample("a", 1, 0, true, 0)).hasMessageContaining("weight is 0");
  }

  @Test
  void fewSamplesHoldNoStrictBound() {
    Calibration fit = Calibration.fit(lookups("a", 100, 0, 8));
    assertThat(fit.leastConfidence(WrongAnswerBound.perLookup(0.01))).isEmpty();
    assertThat(fit.leastConfidence(WrongAnswerBound.perLookup(0.5))).isPresent();
  }

  @Test
  void aCrowdNeverMakesAnAnswerSurer() {
    List<Sample> samples = new ArrayList<>();
    for (Sample sample : lookups("a", 5_000, 0, 9)) {
      samples.add(new Sample("a", sample.logOdds(), 1 - sample.crowding(), sample.isSame()));
    }
    assertThat(Calibration.fit(samples).crowding()).isZero();
  }

  @Test
  void samplesOfOneKindOnlyAreRefused() {
    assertThatThrownBy(() -> Calibration.fit(List.of(new Sample("a", 1, 0, true))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 of 1 are right");
  }

  @Test
  void samplesThatCanBeToldApartWithoutAnErrorHaveFiniteWeights() {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      samples.add(new Sample("a", i % 2 == 0 ? 5 : -5, 0, i % 2 == 0));
    }
    Calibration fit = Calibration.fit(samples);
    assertThat(fit.probability(5, 0)).isGreaterThan(0.99);
    assertThat(fit.probability(-5, 0)).isLessThan(0.01);
  }

  @Test
  void aBoundBetweenTwoPointsTakesTheStricter() {
    Calibration calibration =
        new Calibration(
            0,
            1,
            0,
            List.of(
                new Point(WrongAnswerBound.perLookup(0.01), 0.9),
                new Point(WrongAnswerBound.perLookup(0.02), 0.8),
                new Point(WrongAnswerBound.perHit(0.05), 0.7)));
    assertThat(calibration.leastConfidence(WrongAnswerBound.perLookup(0.015))).hasValue(0.9);
    assertThat(calibration.leastConfidence(WrongAnswerBound.perLookup(0.02))).hasValue(0.8);
    assertThat(calibration.leastConfidence(WrongAnswerBound.perLookup(0.5))).hasValue(0.8);
    assertThat(calibration.leastConfidence(WrongAnswerBound.perLookup(0.009))).isEmpty();
    assertThat(calibration.leastConfidence(WrongAnswerBound.perHit(0.06))).hasValue(0.7);
    assertThat(Calibration.none().leastConfidence(WrongAnswerBound.perHit(0.9))).isEmpty();
  }

  /** Upper limits from tables of the Clopper-Pearson interval, one-sided 95 %. */
  @ParameterizedTest
  @CsvSource({
    "0, 59, 0.0495",
    "0, 299, 0.00997",
    "5, 1000, 0.01048",
    "1, 93, 0.05000",
    "50, 10000, 0.00632"
  })
  void theUpperLimitIsClopperPearsons(int events, int of, double limit) {
    assertThat(Binomial.isWithin(events, of, limit * 1.005, 0.05)).isTrue();
    assertThat(Binomial.isWithin(events, of, limit * 0.995, 0.05)).isFalse();
  }

  @Test
  void whatIsOutOfRangeIsRefused() {
    for (double rate : new double[] {0, 1, -0.1, Double.NaN}) {
      assertThatThrownBy(() -> WrongAnswerBound.perLookup(rate))
          .hasMessageContaining("rate of wrong answers is " + rate);
    }
    assertThatThrownBy(() -> new Calibration(0, 1, 0.1, List.of()))
        .hasMessageContaining("crowding is 0.1");
    assertThatThrownBy(() -> new Calibration(Double.NaN, 1, 0, List.of()))
        .hasMessageContaining("bias");
    assertThat(WrongAnswerBound.defaults()).isEqualTo(WrongAnswerBound.perLookup(0.01));
  }
}
