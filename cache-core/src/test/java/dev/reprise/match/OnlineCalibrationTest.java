package dev.reprise.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reprise.match.Observation.Judged;
import dev.reprise.match.Observation.LookedUp;
import dev.reprise.match.OperatingPoint.Origin;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class OnlineCalibrationTest {
  private static final WrongAnswerBound BOUND = WrongAnswerBound.perLookup(0.01);
  private static final Calibration CALIBRATION =
      new Calibration(0, 1, 0, List.of(new Calibration.Point(BOUND, 0.97)));

  private static final String NAME = "a verifier";

  private final Random random = new Random(7);
  private final OnlineCalibration online = new OnlineCalibration(NAME, CALIBRATION, BOUND);
  private int wrong;
  private int hits;

  /**
   * Lets lookups go by: nine of ten have a candidate, of any confidence.
   *
   * @param right the share of right answers at a confidence
   * @param checked the share of hits that are checked
   */
  private void lookUp(int count, DoubleUnaryOperator right, double checked) {
    wrong = 0;
    hits = 0;
    for (int i = 0; i < count; i++) {
      double z = random.nextDouble() * 12 - 4;
      double confidence = random.nextDouble() < 0.9 ? 1 / (1 + Math.exp(-z)) : -1;
      boolean isRight = random.nextDouble() < right.applyAsDouble(confidence);
      boolean isHit = online.point().accepts(confidence);
      online.observe(new LookedUp(confidence, isHit));
      hits += isHit ? 1 : 0;
      wrong += isHit && !isRight ? 1 : 0;
      if (confidence > 0 && (!isHit || random.nextDouble() < checked)) {
        online.observe(new Judged(confidence, isHit, isRight));
      }
    }
  }

  @Test
  void itStartsWhereTheCalibrationSays() {
    assertThat(online.point()).isEqualTo(new OperatingPoint(0.97, Origin.CALIBRATED));
    assertThat(new OnlineCalibration(NAME, Calibration.none(), BOUND).point())
        .isEqualTo(new OperatingPoint(1, Origin.CALIBRATED));
    RiskReport report = online.report();
    assertThat(report.lookups()).isZero();
    assertThat(report.judged()).isZero();
  }

  @Test
  void whereTheCalibrationWasTooCautiousMoreIsAcceptedAndTheBoundStillHeld() {
    DoubleUnaryOperator almostAlways = confidence -> confidence > 0.5 ? 0.999 : 0.2;
    lookUp(4_000, almostAlways, 0.05);
    assertThat(online.point().origin()).isEqualTo(Origin.LOOSENED);
    assertThat(online.point().leastConfidence()).isBetween(0.45, 0.96);
    int before = hits;
    lookUp(4_000, almostAlways, 0.05);
    assertThat(hits).isGreaterThan(before);
    assertThat(wrong).isLessThan(40);
  }

  @Test
  void whereTheCalibrationIsRightLittleChangesAndTheBoundIsHeld() {
    lookUp(8_000, confidence -> confidence, 0.02);
    assertThat((double) wrong / 8_000).isLessThan(0.01);
    lookUp(8_000, confidence -> confidence, 0.02);
    assertThat((double) wrong / 8_000).isLessThan(0.012);
  }

  @Test
  void whereItIsWrongTooOftenItTightensByItself() {
    DoubleUnaryOperator onlyTheSurest = confidence -> confidence > 0.995 ? 1 : 0.5;
    lookUp(3_000, onlyTheSurest, 0.5);
    assertThat(online.point().origin()).isEqualTo(Origin.TIGHTENED);
    assertThat(online.point().leastConfidence()).isBetween(0.99, 1.0);
    lookUp(3_000, onlyTheSurest, 0.5);
    assertThat((double) wrong / 3_000).isLessThan(0.01);
  }

  @Test
  void whatWasLearntTightensEveryBoundAndLoosensItsOwnOnly() {
    lookUp(4_000, confidence -> confidence > 0.5 ? 0.999 : 0.2, 0.05);
    assertThat(online.point().origin()).isEqualTo(Origin.LOOSENED);
    assertThat(online.point(BOUND)).isEqualTo(new OperatingPoint(0.97, Origin.CALIBRATED));
    assertThat(online.point(WrongAnswerBound.perLookup(0.001)))
        .isEqualTo(new OperatingPoint(1, Origin.CALIBRATED));

    lookUp(20_000, confidence -> confidence > 0.995 ? 1 : 0.5, 0.5);
    OperatingPoint tightened = online.point(WrongAnswerBound.perLookup(0.02));
    assertThat(tightened.origin()).isEqualTo(Origin.TIGHTENED);
    assertThat(tightened.leastConfidence()).isBetween(0.971, 0.9999);
  }

  @Test
  void whereNothingIsRightOnlyExactHitsAreLeft() {
    for (int i = 0; i < 300; i++) {
      boolean isHit = online.point().accepts(1);
      online.observe(new LookedUp(1, isHit));
      online.observe(new Judged(1, isHit, false));
    }
    assertThat(online.point())
        .isEqualTo(new OperatingPoint(OperatingPoint.NOTHING, Origin.TIGHTENED));
    assertThat(online.report().wrongPerLookup().value()).isZero();
  }

  @Test
  void aFewJudgementsChangeNothing() {
    for (int i = 0; i < 29; i++) {
      online.observe(new LookedUp(0.9, false));
      online.observe(new Judged(0.9, false, true));
    }
    assertThat(online.point().origin()).isEqualTo(Origin.CALIBRATED);
  }

  @Test
  void aBoundThatNothingWasKnownToHoldMayBeLearntToBeHeld() {
    OnlineCalibration unknown = new OnlineCalibration(NAME, Calibration.none(), BOUND);
    for (int i = 0; i < 4_000; i++) {
      unknown.observe(new LookedUp(0.99, unknown.point().accepts(0.99)));
      unknown.observe(new Judged(0.99, unknown.point().accepts(0.99), true));
    }
    assertThat(unknown.point().origin()).isEqualTo(Origin.LOOSENED);
    assertThat(unknown.point().accepts(0.99)).isTrue();
  }

  @Test
  void aBoundPerHitCountsHitsOnly() {
    WrongAnswerBound perHit = WrongAnswerBound.perHit(0.05);
    OnlineCalibration strict = new OnlineCalibration(NAME, Calibration.none(), perHit);
    // One lookup in a hundred has a candidate, and every tenth of those is wrong: 0.1 % of all.
    for (int i = 0; i < 20_000; i++) {
      boolean has = i % 100 == 0;
      strict.observe(new LookedUp(has ? 0.99 : -1, false));
      if (has) {
        strict.observe(new Judged(0.99, false, i % 1_000 != 0));
      }
    }
    assertThat(strict.point().accepts(0.99)).isFalse();
  }

  @Test
  void aBoundPerHitMayBeLearntToBeHeldThoughTheSurestAreTooFewToTell() {
    OnlineCalibration unknown =
        new OnlineCalibration(NAME, Calibration.none(), WrongAnswerBound.perHit(0.01));
    for (int i = 0; i < 8_000; i++) {
      double confidence = i % 1_000 == 0 ? 1 : 0.99;
      boolean isHit = unknown.point().accepts(confidence);
      unknown.observe(new LookedUp(confidence, isHit));
      if (!isHit || i % 10 == 0) {
        unknown.observe(new Judged(confidence, isHit, true));
      }
    }
    assertThat(unknown.point().origin()).isEqualTo(Origin.LOOSENED);
    assertThat(unknown.point().accepts(0.99)).isTrue();
  }

  @Test
  void theReportSaysWhatIsKnown() {
    lookUp(3_000, confidence -> confidence, 0.2);
    RiskReport report = online.report();
    assertThat(report.bound()).isEqualTo(BOUND);
    assertThat(report.lookups()).isEqualTo(3_000);
    assertThat(report.wrongPerLookup().value())
        .isBetween(report.wrongPerLookup().low(), report.wrongPerLookup().high());
    assertThat(report.wrongPerLookup().value()).isCloseTo(wrong / 3_000.0, within(0.006));
    assertThat(report.wrongPerHit().value()).isGreaterThan(report.wrongPerLookup().value());
    assertThat(report.servedJudged()).isBetween(hits / 8L, hits / 3L);
    assertThat(report.foregone()).isPositive();
  }

  @Test
  void whatWasLearntIsKept() {
    lookUp(4_000, confidence -> confidence > 0.5 ? 0.999 : 0.2, 0.05);
    OnlineCalibration other = new OnlineCalibration(NAME, CALIBRATION, BOUND);
    // Reading looks at the operating point anew; this one looks now and then.
    assertThat(online.read(online.write())).isTrue();
    assertThat(other.read(online.write())).isTrue();
    assertThat(other.report()).isEqualTo(online.report());
    assertThat(other.read("")).isTrue();
    assertThat(other.point().origin()).isEqualTo(Origin.CALIBRATED);
  }

  @Test
  void whatIsOfAnotherCalibrationOrDamagedIsNotTakenOver() {
    lookUp(4_000, confidence -> confidence > 0.5 ? 0.999 : 0.2, 0.05);
    String written = online.write();
    OnlineCalibration another =
        new OnlineCalibration(NAME, new Calibration(1, 1, 0, CALIBRATION.points()), BOUND);
    assertThat(another.read(written)).isFalse();
    assertThat(another.report().lookups()).isZero();
    assertThat(new OnlineCalibration("another", CALIBRATION, BOUND).read(written)).isFalse();
    for (String damaged :
        List.of("{", "[]", "null", written.replace("\"same\"", "\"some\""), "\"x\"")) {
      assertThat(online.read(damaged)).as(damaged).isFalse();
      assertThat(online.point().origin()).isEqualTo(Origin.CALIBRATED);
      assertThat(online.report().lookups()).isZero();
    }
  }

  @Test
  void oldLookupsFade() {
    for (int i = 0; i < 50_000; i++) {
      online.observe(new LookedUp(0.5, false));
    }
    assertThat(online.report().lookups()).isBetween(2_000L, 4_000L);
  }
}
