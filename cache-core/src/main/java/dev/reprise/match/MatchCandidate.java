package dev.reprise.match;

import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import dev.reprise.model.internal.Checks;
import java.util.List;

/**
 * A cached question that may have the same answer as the one that is asked.
 *
 * @param scope whose question it is; both are of the same scope
 * @param asked the question that is asked, as the user wrote it
 * @param cached the question that was answered, as its user wrote it
 * @param answer its answer
 * @param similarity how near the two questions are, by their {@linkplain Matcher#comparable
 *     comparable} forms
 * @param rank 1 for the nearest candidate, 2 for the next; at most the number of {@code around}
 * @param around how near all the candidates of this lookup are, nearest first, this one included:
 *     how crowded it is around the question
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
