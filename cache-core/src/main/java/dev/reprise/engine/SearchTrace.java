package dev.reprise.engine;

import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.match.MatchExplanation;
import dev.reprise.model.Similarity;
import java.util.List;
import java.util.Optional;

/**
 * What one search by meaning saw. A hit is served from it, an explanation prints it.
 *
 * @param embedded the question as it was compared; empty where the search did not come so far
 * @param end why there are no candidates, or that there are
 * @param candidates what was looked at, nearest first
 * @param accepted the candidate that is served
 * @param surest the surest candidate that was rejected
 * @param nearest the same for people
 * @param curated what was seen of the curated answers, which are looked at first
 */
record SearchTrace(
    Optional<Embedded> embedded,
    End end,
    List<Candidate> candidates,
    Optional<Learner.Considered> accepted,
    Optional<Learner.Considered> surest,
    Optional<NearMiss> nearest,
    CuratedSearch.Seen curated) {

  /** How far a search came. */
  enum End {
    /** Nobody asked for a search. */
    NOT_SEARCHED,
    /** The request allows no wrong answer. */
    EXACT_ONLY,
    /** There is no semantic tier. */
    NO_TIER,
    /** The request cannot be compared by meaning. */
    NOT_COMPARABLE,
    /** Too many others search already. */
    BUSY,
    /** The question has no vector. */
    NO_VECTOR,
    /** The semantic tier did not answer, or the exact tier did not when a candidate was fetched. */
    UNAVAILABLE,
    /** The tiers answered. */
    ANSWERED
  }

  /**
   * The form of a question that is compared.
   *
   * @param vector empty where it is too long, or the embedder failed
   */
  record Embedded(String text, Optional<Vector> vector) {}

  /**
   * A cached question, and what became of it.
   *
   * @param question as its user wrote it; empty where its entry cannot be served
   */
  record Candidate(
      ExactKey pointer, String question, Similarity similarity, MatchExplanation match) {}

  SearchTrace {
    candidates = List.copyOf(candidates);
  }

  /** Returns the trace of a search that ended before it had candidates. */
  static SearchTrace ended(End end, Optional<Embedded> embedded) {
    return new SearchTrace(
        embedded,
        end,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        CuratedSearch.Seen.NOTHING);
  }

  /** Returns the same with what was seen of the curated answers. */
  SearchTrace with(CuratedSearch.Seen seen) {
    return new SearchTrace(embedded, end, candidates, accepted, surest, nearest, seen);
  }

  static SearchTrace ended(End end) {
    return ended(end, Optional.empty());
  }

  /** Returns what was found. */
  Optional<Finding> finding() {
    return curated
        .found()
        .or(
            () ->
                accepted.map(
                    found ->
                        new Finding.Semantic(
                            found.entry(), found.candidate().similarity(), found.confidence())));
  }

  /** Returns the surest rejected candidate, where nothing was accepted. */
  Optional<Learner.Considered> missedBy() {
    return accepted.isPresent() ? Optional.empty() : surest;
  }

  /** Returns the same for people. */
  Optional<NearMiss> nearMiss() {
    return accepted.isPresent() ? Optional.empty() : nearest;
  }
}
