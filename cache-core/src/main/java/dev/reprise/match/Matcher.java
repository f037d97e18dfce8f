package dev.reprise.match;

import dev.reprise.model.Similarity;
import java.util.Objects;

/**
 * Decides whether the answer to a near question may be served. Safe for use by several threads.
 *
 * <p>The engine passes candidates, the nearest first, until the matcher accepts one. A matcher that
 * learns from its decisions is a {@link LearningMatcher}.
 */
@FunctionalInterface
public interface Matcher {
  /** Decides about one candidate. */
  MatchDecision decide(MatchCandidate candidate);

  /**
   * Decides about one candidate and explains the decision. The engine calls this for every
   * candidate of a lookup. Default: {@link #decide} as one step.
   */
  default MatchExplanation explain(MatchCandidate candidate) {
    return MatchExplanation.of(decide(candidate));
  }

  /**
   * Returns a matcher that also holds {@code bound}. It decides and explains; wording and learning
   * stay with this one. Default: a matcher that rejects everything, since the error rate of this
   * one is unknown.
   */
  default Matcher within(WrongAnswerBound bound) {
    return candidate ->
        new MatchDecision.Reject(
            -1,
            MatchStage.BOUND,
            "the matcher does not know how often it is wrong, and cannot promise "
                + bound
                + ": exact hits only");
  }

  /**
   * Returns the lowest similarity that can be accepted. Candidates below it are not fetched.
   * Default: -1; all are fetched.
   */
  default Similarity floor() {
    return new Similarity(-1);
  }

  /**
   * Returns the form in which it compares questions, always the same object. Default: as the user
   * wrote them.
   */
  default Wording wording() {
    return Wording.asWritten();
  }

  /**
   * Returns a matcher that accepts every candidate with at least {@code cosine}. A cosine hardly
   * shows negations, numbers and names, so it accepts wrong answers and rejects right ones: see
   * docs/MATCHING.md.
   *
   * @param cosine from -1 to 1
   * @throws IllegalArgumentException if the cosine is out of range
   */
  static Matcher threshold(double cosine) {
    return new ThresholdMatcher(new Similarity(cosine));
  }

  /**
   * Returns a matcher that normalises both questions, asks guards and a verifier, and accepts what
   * is sure enough for {@code bound}, by the verifier's calibration: {@link VerifiedMatcher} with
   * its defaults.
   */
  static VerifiedMatcher verified(Verifier verifier, WrongAnswerBound bound) {
    Objects.requireNonNull(verifier, "verifier");
    Objects.requireNonNull(bound, "bound");
    return VerifiedMatcher.builder(verifier).bound(bound).build();
  }
}
