package dev.reprise.match;

import dev.reprise.model.internal.Checks;

/** The decision of a {@link Matcher}. */
public sealed interface MatchDecision {
  /**
   * Returns the matcher's confidence that the candidate's answer is right, from -1 to 1. Its unit
   * depends on the matcher: a cosine, or a probability. It is comparable across lookups: if a
   * candidate is accepted, one with a higher confidence is never rejected.
   */
  double confidence();

  /**
   * The candidate's answer may be served.
   *
   * @param confidence from -1 to 1, see {@link MatchDecision#confidence}
   */
  record Accept(double confidence) implements MatchDecision {
    public Accept {
      Checks.inRange("confidence", confidence, -1, 1);
    }
  }

  /**
   * The candidate's answer may not be served.
   *
   * @param confidence from -1 to 1, see {@link MatchDecision#confidence}
   * @param stage which stage rejected it
   * @param why for people
   */
  record Reject(double confidence, MatchStage stage, String why) implements MatchDecision {
    public Reject {
      Checks.inRange("confidence", confidence, -1, 1);
    }

    /** A rejection by a matcher that names no stages. */
    public Reject(double confidence, String why) {
      this(confidence, MatchStage.MATCHER, why);
    }
  }
}
