package dev.reprise.match;

import java.util.List;

/**
 * How a {@link Matcher} came to its decision.
 *
 * @param steps the stages that were reached, in their order, at least one
 * @param decision what came of them
 * @param language the ISO 639-1 code of both questions' language, "und" where it cannot be told,
 *     "mul" where they have two, empty where the matcher does not look at it
 */
public record MatchExplanation(List<Step> steps, MatchDecision decision, String language) {
  /** What a stage said. */
  public enum Result {
    /** The next stage is asked. */
    PASSED,
    /** The answer may be served, no other stage is asked. */
    ACCEPTED,
    /** The answer may not be served, no other stage is asked. */
    REJECTED
  }

  /**
   * A stage and what it said.
   *
   * @param stage which
   * @param result what follows
   * @param score what it measured: the cosine ({@link MatchStage#SIMILARITY}), 1 or 0 ({@link
   *     MatchStage#EQUALITY}), the number of objections ({@link MatchStage#GUARDS}), the log-odds
   *     ({@link MatchStage#VERIFIER}), the probability that the answers are the same ({@link
   *     MatchStage#BOUND}), the confidence ({@link MatchStage#MATCHER}, {@link
   *     MatchStage#FEEDBACK})
   * @param words for people
   */
  public record Step(MatchStage stage, Result result, double score, String words) {}

  /** Explains a decision of a matcher that does not look at the language. */
  public MatchExplanation(List<Step> steps, MatchDecision decision) {
    this(steps, decision, "");
  }

  public MatchExplanation {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("steps must not be empty");
    }
  }

  /** Returns a decision as one step. */
  public static MatchExplanation of(MatchDecision decision) {
    return new MatchExplanation(
        List.of(
            decision instanceof MatchDecision.Reject reject
                ? new Step(reject.stage(), Result.REJECTED, reject.confidence(), reject.why())
                : new Step(MatchStage.MATCHER, Result.ACCEPTED, decision.confidence(), "accepted")),
        decision);
  }
}
