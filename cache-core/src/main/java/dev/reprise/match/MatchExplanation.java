package dev.reprise.match;

import java.util.ArrayList;
import java.util.List;

/**
 * How a {@link Matcher} came to its decision.
 *
 * @param steps the stages that ran, in order; at least one
 * @param decision the decision
 * @param language the ISO 639-1 code of both questions' language, "und" if unknown, "mul" for two
 *     languages, empty if the matcher does not detect it
 */
public record MatchExplanation(List<Step> steps, MatchDecision decision, String language) {
  /** The result of a stage. */
  public enum Result {
    /** The next stage decides. */
    PASSED,
    /** The answer may be served. No later stage runs. */
    ACCEPTED,
    /** The answer may not be served. No later stage runs. */
    REJECTED
  }

  /**
   * A stage and its result.
   *
   * @param stage the stage
   * @param result what follows
   * @param score the stage's measure: the cosine ({@link MatchStage#SIMILARITY}), 1 or 0 ({@link
   *     MatchStage#EQUALITY}), the number of objections ({@link MatchStage#GUARDS}), the log-odds
   *     ({@link MatchStage#VERIFIER}), the probability that the answers are the same ({@link
   *     MatchStage#BOUND}), the confidence ({@link MatchStage#MATCHER}, {@link
   *     MatchStage#FEEDBACK}, {@link MatchStage#PROMOTION})
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

  /**
   * Returns whether the wording alone was accepted: the two questions are the same words, or the
   * same question in another wording. Returns false if a {@link Verifier} had to read the pair.
   */
  public boolean isSameWording() {
    MatchStage last = steps.get(steps.size() - 1).stage();
    return decision instanceof MatchDecision.Accept
        && (last == MatchStage.EQUALITY || last == MatchStage.BOUND)
        && steps.stream().noneMatch(step -> step.stage() == MatchStage.VERIFIER);
  }

  /**
   * Returns the explanation of a candidate that {@code stage} rejected after the matcher had
   * accepted it.
   */
  public MatchExplanation rejectedBy(MatchStage stage, String why) {
    List<Step> all = new ArrayList<>();
    for (Step step : steps) {
      all.add(
          step.result() == Result.ACCEPTED
              ? new Step(step.stage(), Result.PASSED, step.score(), step.words())
              : step);
    }
    all.add(new Step(stage, Result.REJECTED, decision.confidence(), why));
    return new MatchExplanation(
        all, new MatchDecision.Reject(decision.confidence(), stage, why), language);
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
