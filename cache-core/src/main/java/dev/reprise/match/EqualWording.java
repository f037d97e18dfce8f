package dev.reprise.match;

import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;

/**
 * Tells whether two questions are the same words, without an embedder or a model: case, politeness,
 * contractions and final punctuation do not count where they carry no meaning. It is the equality
 * of a {@link VerifiedMatcher} with its default guards. Safe for use by several threads.
 */
public final class EqualWording {
  private static final Scope SCOPE = Scope.of("equal wording");
  private static final Answer NO_ANSWER = Answer.ofText("");
  private static final Matcher EQUALITY =
      VerifiedMatcher.builder(
              (asked, cached, similarity) ->
                  new Verifier.Verdict.Unreadable("only equal words are compared"))
          .withoutWordings()
          .build();

  private EqualWording() {}

  /** Returns a key. Questions for which {@link #areEqual} may be true have the same one. */
  public static String key(String question) {
    return Normalization.comparisonKey(Normalization.withoutPoliteness(question));
  }

  /** Returns whether two questions with the same {@link #key} are the same question. */
  public static boolean areEqual(String one, String other) {
    return one.equals(other)
        || EQUALITY.decide(MatchCandidate.alone(SCOPE, one, other, NO_ANSWER, new Similarity(1)))
            instanceof MatchDecision.Accept;
  }
}
