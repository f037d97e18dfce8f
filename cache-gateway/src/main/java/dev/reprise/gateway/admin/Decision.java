package dev.reprise.gateway.admin;

import dev.reprise.engine.NearMiss;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.Timings;
import dev.reprise.key.ExactKey;
import dev.reprise.model.CacheRequest;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the cache did with one request, as an administrator sees it.
 *
 * @param number the first has 1, each the next
 * @param at when it ended
 * @param kind how it ended
 * @param scope whose request it was, empty where its integration could not map it
 * @param model the model that was asked for, empty where its integration could not map it
 * @param question what was asked last, cut
 * @param answer the answer's text, cut; empty where there is none
 * @param tier the tier of a hit, else empty
 * @param similarity of a hit by meaning
 * @param confidence of a hit by meaning
 * @param reason why the cache was not asked, the answer not stored, or the call failed; else empty
 * @param entry the entry that was served, or would have been in shadow mode
 * @param age of the entry that was served
 * @param savedTime what a hit saved
 * @param savedDollars what a hit saved, where its price is known
 * @param timings where the time went, where the request had an outcome
 * @param nearest the candidate that came nearest to be served, of a miss
 * @param request the request itself, where it is small enough to be kept
 */
record Decision(
    long number,
    Instant at,
    Kind kind,
    String scope,
    String model,
    String question,
    String answer,
    String tier,
    @Nullable Double similarity,
    @Nullable Double confidence,
    String reason,
    @Nullable ExactKey entry,
    @Nullable Duration age,
    Duration savedTime,
    @Nullable Double savedDollars,
    @Nullable Timings timings,
    @Nullable NearMiss nearest,
    @Nullable CacheRequest request) {

  /** How a request ended. */
  enum Kind {
    HIT_EXACT,
    HIT_SEMANTIC,
    /** A curated answer was served. */
    HIT_CURATED,
    MISS,
    /** A miss of shadow mode that live mode would have answered from the exact tier. */
    WOULD_HIT_EXACT,
    /** A miss of shadow mode that live mode would have answered by meaning. */
    WOULD_HIT_SEMANTIC,
    /** A miss of shadow mode that live mode would have answered with a curated answer. */
    WOULD_HIT_CURATED,
    BYPASS,
    UNSATISFIED,
    FAILED,
    CANCELLED;

    /** Returns the kind of a hit. */
    static Kind of(Outcome.Hit hit) {
      if (hit instanceof Outcome.CuratedHit) {
        return HIT_CURATED;
      }
      return hit instanceof Outcome.ExactHit ? HIT_EXACT : HIT_SEMANTIC;
    }

    /** Returns the kind of a hit that shadow mode did not serve. */
    static Kind ofWould(Outcome.Hit hit) {
      if (hit instanceof Outcome.CuratedHit) {
        return WOULD_HIT_CURATED;
      }
      return hit instanceof Outcome.ExactHit ? WOULD_HIT_EXACT : WOULD_HIT_SEMANTIC;
    }
  }

  /** Returns the same with its number. */
  Decision numbered(long given) {
    return new Decision(
        given,
        at,
        kind,
        scope,
        model,
        question,
        answer,
        tier,
        similarity,
        confidence,
        reason,
        entry,
        age,
        savedTime,
        savedDollars,
        timings,
        nearest,
        request);
  }
}
