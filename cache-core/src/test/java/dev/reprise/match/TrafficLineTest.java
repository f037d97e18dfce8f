package dev.reprise.match;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.match.Calibration.Band;
import dev.reprise.match.Calibration.Point;
import dev.reprise.match.Observation.Judged;
import dev.reprise.match.Observation.LookedUp;
import dev.reprise.match.OperatingPoint.Origin;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrafficLineTest {
  private static final WrongAnswerBound BOUND = WrongAnswerBound.perLookup(0.01);
  private static final double FLOOR = 0.9;
  private static final Calibration CALIBRATION =
      new Calibration(
          0,
          1,
          0,
          List.of(
              new Point(WrongAnswerBound.perLookup(0.005), 0.99),
              new Point(BOUND, 0.95),
              new Point(WrongAnswerBound.perHit(0.1), 0.93)),
          List.of(
              new Band(0.8, 0.2, 400, 0.03),
              new Band(0.9, 0.1, 400, 0.02),
              new Band(0.95, 0.05, 400, 0.02),
              new Band(0.98, 0.01, 400, 0.01)),
          List.of(new Point(BOUND, FLOOR)));

  private final OnlineCalibration online = new OnlineCalibration("v", CALIBRATION, BOUND);
  private final Random random = new Random(3);

  /** Lookups of which a share has a candidate of a probability above 0.8, evenly spread. */
  private void lookUp(OnlineCalibration matcher, int count, double share) {
    for (int i = 0; i < count; i++) {
      double confidence = random.nextDouble() < share ? 0.8 + 0.199 * random.nextDouble() : -1;
      matcher.observe(new LookedUp(confidence, matcher.point().accepts(confidence)));
    }
  }

  @Test
  void beforeAnyLookupTheTrafficIsTakenForOrdinary() {
    assertThat(online.point()).isEqualTo(new OperatingPoint(FLOOR, Origin.CALIBRATED));
    assertThat(online.report().calibrated()).isEqualTo(online.point());
  }

  @Test
  void fewNearCandidatesNeedNoMoreThanTheFloor() {
    lookUp(online, 2_000, 0.05);
    assertThat(online.point()).isEqualTo(new OperatingPoint(FLOOR, Origin.TRAFFIC));
    assertThat(online.report().point()).isEqualTo(online.point());
    assertThat(online.point().words(BOUND))
        .contains("0.900 is enough")
        .contains("share of lookups");
  }

  @Test
  void manyNearCandidatesNeedMore() {
    lookUp(online, 2_000, 0.3);
    double least = online.point().leastConfidence();
    assertThat(least).isGreaterThan(0.92);
    lookUp(online, 2_000, 0.9);
    assertThat(online.point().leastConfidence()).isGreaterThan(least);
  }

  @Test
  void theBoundIsHeldWhileTheTrafficChanges() {
    lookUp(online, 4_000, 0.02);
    double wrong = 0;
    int lookups = 3_000;
    for (int i = 0; i < lookups; i++) {
      double confidence = random.nextDouble() < 0.5 ? 0.8 + 0.199 * random.nextDouble() : -1;
      if (online.point().accepts(confidence)) {
        wrong += confidence < 0.95 ? 0.1 : confidence < 0.98 ? 0.05 : 0.01;
      }
      online.observe(new LookedUp(confidence, online.point().accepts(confidence)));
    }
    assertThat(wrong / lookups).isLessThan(BOUND.rate());
  }

  @Test
  void aFloodWithoutCandidatesNeverGoesBelowTheFloor() {
    lookUp(online, 2_000, 0.9);
    lookUp(online, 50_000, 0);
    assertThat(online.point().leastConfidence()).isEqualTo(FLOOR);
  }

  @Test
  void theSameLookupsGiveTheSameLine() {
    OnlineCalibration other = new OnlineCalibration("v", CALIBRATION, BOUND);
    Random draws = new Random(5);
    for (int i = 0; i < 3_000; i++) {
      double confidence = draws.nextDouble();
      online.observe(new LookedUp(confidence, false));
      other.observe(new LookedUp(confidence, false));
      assertThat(other.point()).isEqualTo(online.point());
    }
  }

  @Test
  void aBoundWithoutFloorAndABoundPerHitStayWhereTheCalibrationSays() {
    lookUp(online, 2_000, 0.05);
    assertThat(online.point(WrongAnswerBound.perLookup(0.005)))
        .isEqualTo(new OperatingPoint(0.99, Origin.CALIBRATED));
    assertThat(online.point(WrongAnswerBound.perHit(0.1)))
        .isEqualTo(new OperatingPoint(0.93, Origin.CALIBRATED));
  }

  @Test
  void judgementsThatSpeakAgainstTheCalibrationRaiseTheLine() {
    lookUp(online, 500, 0.2);
    double before = online.point().leastConfidence();
    for (int i = 0; i < 200; i++) {
      online.observe(new Judged(0.96, true, i % 2 == 0));
    }
    assertThat(online.point().leastConfidence()).isGreaterThan(before);
  }

  @Test
  void theTrafficIsKeptAndEarlierStatesLoad() throws Exception {
    lookUp(online, 1_600, 0.9);
    OnlineCalibration other = new OnlineCalibration("v", CALIBRATION, BOUND);
    assertThat(other.read(online.write())).isTrue();
    assertThat(other.report().lookups()).isEqualTo(1_600);
    // What is recent starts over.
    assertThat(other.point().leastConfidence()).isBetween(0.95, 0.97);

    ObjectNode earlier = (ObjectNode) new ObjectMapper().readTree(online.write());
    earlier.remove("traffic");
    assertThat(other.read(earlier.toString())).isTrue();
    assertThat(other.report().lookups()).isEqualTo(1_600);
    assertThat(other.point().leastConfidence()).isGreaterThan(0.95);
  }
}
