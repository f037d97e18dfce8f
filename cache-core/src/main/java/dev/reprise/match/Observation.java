package dev.reprise.match;

import dev.reprise.model.internal.Checks;

/** Something that became known about a lookup by meaning, for a {@link Matcher} to learn from. */
public sealed interface Observation {
  /** Returns the matcher's confidence in the candidate, see {@link MatchDecision#confidence}. */
  double confidence();

  /** Returns whether the candidate's answer was served. */
  boolean wasServed();

  /**
   * A lookup ended.
   *
   * @param confidence in the candidate that was served; of a miss, in the surest one; -1 where
   *     there was none
   * @param wasServed whether its answer was served
   */
  record LookedUp(double confidence, boolean wasServed) implements Observation {
    public LookedUp {
      Checks.inRange("confidence", confidence, -1, 1);
    }
  }

  /**
   * Whether a candidate's answer is right became known.
   *
   * @param confidence in that candidate
   * @param wasServed whether its answer was served
   * @param isSame whether it is the right answer to the question that was asked
   */
  record Judged(double confidence, boolean wasServed, boolean isSame) implements Observation {
    public Judged {
      Checks.inRange("confidence", confidence, -1, 1);
    }
  }
}
