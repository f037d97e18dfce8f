package dev.reprise.match;

import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether the answer to a near question may be served. Safe for use by several threads.
 *
 * <p>It is asked about the nearest candidate first, then about the next, until it accepts one.
 */
@FunctionalInterface
public interface Matcher {
  /** Decides about one candidate. */
  MatchDecision decide(MatchCandidate candidate);

  /** Decides about one candidate, and says how. Default: {@link #decide} as one step. */
  default MatchExplanation explain(MatchCandidate candidate) {
    return MatchExplanation.of(decide(candidate));
  }

  /**
   * Returns a matcher that decides as this one does, but rejects where {@code bound} is not held
   * too; it is asked to decide and to explain, and for nothing else. Default: one that rejects
   * everything, since nothing is known about how often this one is wrong.
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
   * Returns the least similarity that it could ever accept. Farther candidates are not even
   * fetched. Default: -1, all are.
   */
  default Similarity floor() {
    return new Similarity(-1);
  }

  /**
   * Returns the form of {@code question} that is embedded, both when its answer is stored and when
   * it is asked. Default: the question itself.
   *
   * @param scope whose question it is
   * @param question as the user wrote it
   * @return never blank
   */
  default String comparable(Scope scope, String question) {
    return question;
  }

  /**
   * Takes note of a question and its answer that have been stored. Default: nothing is learnt.
   *
   * @param scope whose question it is
   */
  default void stored(Scope scope, String question, Answer answer) {}

  /**
   * Learns from a question and its answer that have been stored. Default: calls {@link #stored},
   * and returns nothing.
   *
   * @param scope whose question it is
   * @return what was learnt and can be of use to the matchers of other processes: see {@link
   *     #learn}
   */
  default List<String> learnFrom(Scope scope, String question, Answer answer) {
    stored(scope, question, answer);
    return List.of();
  }

  /**
   * Takes over a record that {@link #learnFrom} returned in another process. Taking it twice
   * changes nothing. Default: nothing is learnt.
   */
  default void learn(String record) {}

  /**
   * Names what this matcher's confidence is: {@linkplain #observe observations} of a matcher of
   * another process are of use to this one where both have the same name. Default: empty, they are
   * of no use.
   */
  default String confidenceKind() {
    return "";
  }

  /**
   * Learns from what became known about a lookup. Default: nothing is learnt.
   *
   * @param observation of this matcher's own decisions
   */
  default void observe(Observation observation) {}

  /** Returns how often it is wrong, as far as it knows. Default: it knows nothing. */
  default Optional<RiskReport> risk() {
    return Optional.empty();
  }

  /**
   * Returns what was learnt from {@linkplain #observe observations}, to be kept for {@link
   * #restore}. Default: empty, nothing.
   */
  default String learnt() {
    return "";
  }

  /**
   * Takes over what {@link #learnt} returned, in place of what it has learnt from observations.
   *
   * @param learnt empty for nothing: it starts over
   * @return false if it can do nothing with it: it starts over then, too. Default: whether there is
   *     nothing
   */
  default boolean restore(String learnt) {
    return learnt.isEmpty();
  }

  /**
   * Returns a matcher that accepts every candidate with at least {@code cosine}: what every other
   * cache does. It knows nothing of negations, numbers and names, and is wrong in both directions:
   * docs/MATCHING.md has the figures.
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
    return VerifiedMatcher.builder(verifier).bound(bound).build();
  }
}
