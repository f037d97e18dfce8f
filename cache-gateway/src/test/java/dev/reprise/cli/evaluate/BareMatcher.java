package dev.reprise.cli.evaluate;

import dev.reprise.match.Calibration;
import dev.reprise.match.Guard;
import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.MatchStage;
import dev.reprise.match.Matcher;
import dev.reprise.match.QuestionPair;
import dev.reprise.match.VerifiedMatcher;
import dev.reprise.match.Verifier;
import dev.reprise.match.Verifier.Verdict;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.Similarity;
import java.util.List;

/**
 * A verified matcher without normalisation and equality: guards and verifier read both questions as
 * they were written, and the verifier is asked about the same words, too.
 *
 * @param least the least probability that it accepts
 */
record BareMatcher(Verifier verifier, List<Guard> guards, double least) implements Matcher {
  /** Returns one with the verifier's operating point for {@code bound}. */
  static BareMatcher of(Verifier verifier, List<Guard> guards, WrongAnswerBound bound) {
    return new BareMatcher(
        verifier, guards, verifier.calibration().leastConfidence(bound).orElseThrow());
  }

  @Override
  public Similarity floor() {
    return new Similarity(VerifiedMatcher.DEFAULT_FLOOR);
  }

  @Override
  public MatchDecision decide(MatchCandidate candidate) {
    QuestionPair pair = QuestionPair.of(candidate.asked(), candidate.cached());
    if (guards.stream().anyMatch(guard -> guard.objection(pair).isPresent())) {
      return new MatchDecision.Reject(0, MatchStage.GUARDS, "a guard objects");
    }
    if (candidate.rank() > VerifiedMatcher.DEFAULT_DEEPEST_RANK) {
      return new MatchDecision.Reject(0, MatchStage.VERIFIER, "not among the nearest");
    }
    if (!(verifier.verify(candidate.asked(), candidate.cached(), candidate.similarity())
        instanceof Verdict.LogOdds logOdds)) {
      return new MatchDecision.Reject(0, MatchStage.VERIFIER, "too long");
    }
    double probability =
        verifier.calibration().probability(logOdds.value(), Calibration.crowding(candidate));
    return probability >= least
        ? new MatchDecision.Accept(probability)
        : new MatchDecision.Reject(probability, MatchStage.BOUND, "not sure enough");
  }
}
