package dev.reprise.evaluate;

import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.Matcher;
import java.util.Locale;

/** What became of one candidate. */
public sealed interface Verdict {
  /** Its answer is served. */
  record Accepted(double confidence) implements Verdict {}

  /** The matcher decided against it. */
  record Rejected(double confidence, String why) implements Verdict {}

  /** The matcher was not asked: it could not have accepted it. */
  record Undecided(String why) implements Verdict {}

  /** Lets {@code matcher} decide, as the engine does: about what is not below its floor. */
  static Verdict of(Matcher matcher, MatchCandidate candidate) {
    if (!candidate.similarity().isAtLeast(matcher.floor())) {
      return belowFloor(matcher, candidate.similarity().cosine());
    }
    MatchDecision decision = matcher.decide(candidate);
    return decision instanceof MatchDecision.Reject reject
        ? new Rejected(reject.confidence(), reject.why())
        : new Accepted(decision.confidence());
  }

  /** Returns the verdict on what is too far away to be looked at. */
  static Undecided belowFloor(Matcher matcher, double cosine) {
    return new Undecided(
        String.format(
            Locale.ROOT,
            "cosine %.3f is below %.3f, the least that this matcher looks at",
            cosine,
            matcher.floor().cosine()));
  }

  /** Returns the confidence, or less than any where nothing was decided. */
  default double confidenceOrNone() {
    if (this instanceof Accepted accepted) {
      return accepted.confidence();
    }
    return this instanceof Rejected rejected ? rejected.confidence() : Double.NEGATIVE_INFINITY;
  }
}
