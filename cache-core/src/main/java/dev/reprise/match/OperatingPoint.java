package dev.reprise.match;

import dev.reprise.model.internal.Checks;

/**
 * The confidence from which a matcher accepts a candidate.
 *
 * @param leastConfidence the lowest accepted confidence, from 0 to 1; 1 accepts the same words
 *     only, {@link #NOTHING} accepts nothing
 * @param origin where the value comes from
 */
public record OperatingPoint(double leastConfidence, Origin origin) {
  /** More than any confidence: only exact hits are left. */
  public static final double NOTHING = 2;

  /** Where an operating point comes from. */
  public enum Origin {
    /** From the calibration that came with the verifier. */
    CALIBRATED,
    /** From the calibration, for the share of lookups here that have near candidates. */
    TRAFFIC,
    /** Learning from your traffic lowered it. */
    LOOSENED,
    /** Learning from your traffic raised it. */
    TIGHTENED
  }

  public OperatingPoint {
    Checks.inRange("least confidence", leastConfidence, 0, NOTHING);
  }

  /** Returns whether {@code confidence} is enough. */
  public boolean accepts(double confidence) {
    return confidence >= leastConfidence;
  }

  /** Describes the confidence that holds {@code bound}. */
  String words(WrongAnswerBound bound) {
    if (leastConfidence > 1) {
      return "nothing is enough for " + bound + " any more: exact hits only";
    }
    String how =
        switch (origin) {
          case CALIBRATED -> "";
          case TRAFFIC -> ", by the share of lookups here that have near candidates";
          case LOOSENED, TIGHTENED -> ", as was learnt in place";
        };
    return leastConfidence == 1
        ? "nothing is known to hold " + bound + how + ": the same words only"
        : Decimals.of(leastConfidence, 3) + " is enough for " + bound + how;
  }
}
