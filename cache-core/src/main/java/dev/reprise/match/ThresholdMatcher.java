package dev.reprise.match;

import dev.reprise.model.Similarity;

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
        "cosine "
            + Decimals.of(similarity.cosine(), 3)
            + " is below "
            + Decimals.of(least.cosine(), 3));
  }
}
