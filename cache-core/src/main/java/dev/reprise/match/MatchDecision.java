package dev.reprise.match;

import dev.reprise.model.internal.Checks;

/** What a {@link Matcher} decided. */
public sealed interface MatchDecision {
  /**
   * Returns how sure the matcher is that the candidate's answer is right: from -1 to 1, higher is
   * surer. What it means is the matcher's: a cosine, or a probability. Of two candidates, whichever
   * lookups they are of, the surer one is never rejected where the other is accepted.
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
