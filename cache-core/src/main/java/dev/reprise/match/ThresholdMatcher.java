package dev.reprise.match;

import dev.reprise.model.Similarity;
import java.util.Locale;

/**
 * See {@link Matcher#threshold}.
 *
 * @param least the least cosine that is accepted
 */
record ThresholdMatcher(Similarity least) implements Matcher {
  @Override
  public Similarity floor() {
    return least;
  }

  @Override
  public MatchDecision decide(MatchCandidate candidate) {
    Similarity similarity = candidate.similarity();
    if (similarity.isAtLeast(least)) {
      return new MatchDecision.Accept(similarity.cosine());
    }
    return new MatchDecision.Reject(
        similarity.cosine(),
        MatchStage.SIMILARITY,
        String.format(
            Locale.ROOT, "cosine %.3f is below %.3f", similarity.cosine(), least.cosine()));
  }
}
