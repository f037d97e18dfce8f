package dev.reprise.match;

import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import dev.reprise.model.internal.Checks;
import java.util.List;

/**
 * A cached question that may have the same answer as the asked one.
 *
 * @param scope the scope of both questions
 * @param asked the asked question, as the user wrote it
 * @param cached the cached question, as its user wrote it
 * @param answer the cached answer
 * @param similarity the similarity of the two questions in their {@linkplain Matcher#comparable
 *     comparable} forms
 * @param rank 1 for the nearest candidate, 2 for the next; at most the number of {@code around}
 * @param around the similarities of all candidates of this lookup, nearest first, this one included
 */
public record MatchCandidate(
    Scope scope,
    String asked,
    String cached,
    Answer answer,
    Similarity similarity,
    int rank,
    List<Similarity> around) {
  public MatchCandidate {
    around = List.copyOf(around);
    Checks.inRange("rank", rank, 1, around.size());
  }

  /** Returns a candidate that has no others around it. */
  public static MatchCandidate alone(
      Scope scope, String asked, String cached, Answer answer, Similarity similarity) {
    return new MatchCandidate(scope, asked, cached, answer, similarity, 1, List.of(similarity));
  }
}
