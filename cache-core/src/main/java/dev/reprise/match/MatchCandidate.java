package dev.reprise.match;

import dev.reprise.model.Answer;
import dev.reprise.model.Checks;
import dev.reprise.model.Similarity;

/**
 * A cached question that may have the same answer as the one that is asked.
 *
 * @param asked the question that is asked
 * @param cached the question that was answered
 * @param answer its answer
 * @param similarity how near the two questions are
 * @param rank 1 for the nearest candidate, 2 for the next
 */
public record MatchCandidate(
    String asked, String cached, Answer answer, Similarity similarity, int rank) {
  public MatchCandidate {
    Checks.inRange("rank", rank, 1, Integer.MAX_VALUE);
  }
}
