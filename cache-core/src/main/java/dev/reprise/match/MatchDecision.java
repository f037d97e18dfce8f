package dev.reprise.match;

import dev.reprise.model.Checks;

/** What a {@link Matcher} decided. */
public sealed interface MatchDecision {

  /**
   * The candidate's answer may be served.
   *
   * @param confidence from -1 to 1, higher is surer; what it means is the matcher's: a cosine, or a
   *     probability
   */
  record Accept(double confidence) implements MatchDecision {
    public Accept {
      Checks.inRange("confidence", confidence, -1, 1);
    }
  }

  /**
   * The candidate's answer may not be served.
   *
   * @param why for people
   */
  record Reject(String why) implements MatchDecision {}
}
