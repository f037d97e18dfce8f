package dev.reprise.engine;

import dev.reprise.model.Answer;
import dev.reprise.model.Reason;
import dev.reprise.model.Similarity;
import dev.reprise.policy.Admission;
import dev.reprise.policy.UpstreamTemperature;
import dev.reprise.tier.Entry;
import java.time.Duration;
import java.util.Optional;

/** How a request ended: the answer, and how it was obtained. */
public sealed interface Outcome {

  /** Returns where the time went. */
  Timings timings();

  /** Returns what live mode would have done; empty where the request was not one of shadow mode. */
  default Optional<Shadow> shadow() {
    return Optional.empty();
  }

  /** Returns the hit that live mode would have served; empty outside shadow mode. */
  default Optional<Hit> wouldHit() {
    return shadow()
        .filter(Shadow.WouldHit.class::isInstance)
        .map(shadow -> ((Shadow.WouldHit) shadow).hit());
  }

  /** An outcome with an answer. */
  sealed interface Answered extends Outcome {
    /** Returns the answer. */
    Answer answer();

    /**
     * Returns the temperature at which the model is called. With {@link UpstreamTemperature#ZERO}
     * the request sets none, and the answer was generated at 0.
     */
    default UpstreamTemperature temperature() {
      return UpstreamTemperature.AS_REQUESTED;
    }

    /** Returns whether the answer came from the cache. */
    default boolean wasCached() {
      return this instanceof Hit;
    }
  }

  /** The answer came from the cache. */
  sealed interface Hit extends Answered {
    /** Returns the entry that was served. */
    Entry entry();

    /** Returns how old it is. */
    Duration age();

    /** Returns what the hit saved. */
    Saving saving();

    @Override
    default Answer answer() {
      return entry().answer();
    }
  }

  /**
   * The cache has the answer to an equal request.
   *
   * @param entry the entry that was served
   * @param tier the name of the tier with the entry
   * @param age the entry's age
   * @param saving what the hit saved
   * @param temperature the temperature at which the model is called
   * @param timings where the time went
   */
  record ExactHit(
      Entry entry,
      String tier,
      Duration age,
      Saving saving,
      UpstreamTemperature temperature,
      Timings timings)
      implements Hit {}

  /**
   * The cache has the answer to a question that the matcher accepts as the same.
   *
   * @param entry the entry that was served
   * @param similarity how near the two questions are
   * @param confidence the matcher's, see {@link dev.reprise.match.MatchDecision.Accept}
   * @param age the entry's age
   * @param saving what the hit saved
   * @param temperature the temperature at which the model is called
   * @param timings where the time went
   */
  record SemanticHit(
      Entry entry,
      Similarity similarity,
      double confidence,
      Duration age,
      Saving saving,
      UpstreamTemperature temperature,
      Timings timings)
      implements Hit {}

  /**
   * A curated answer was served: see {@link CacheEngine#curated}.
   *
   * @param entry the answer as an entry; no tier has it
   * @param id the identifier of the curated entry
   * @param version the version of the curated set
   * @param similarity how near the wording is; empty if it is equal
   * @param confidence the matcher's; 1 for an equal wording
   * @param age the time since the entry was reviewed, or imported if that is not known
   * @param saving what the hit saved; unknown in time, since no upstream made the answer
   * @param temperature the temperature at which the model is called
   * @param timings where the time went
   */
  record CuratedHit(
      Entry entry,
      String id,
      long version,
      Optional<Similarity> similarity,
      double confidence,
      Duration age,
      Saving saving,
      UpstreamTemperature temperature,
      Timings timings)
      implements Hit {}

  /**
   * The upstream answered.
   *
   * @param answer the fresh answer
   * @param call whether this request made the call or shared it
   * @param admission whether the policy admitted it to the cache
   * @param nearest the surest candidate that the matcher rejected; empty if there was none, or if
   *     the call was shared
   * @param temperature the temperature at which the model is called
   * @param shadow what live mode would have done; empty in live mode
   * @param timings where the time went
   */
  record Computed(
      Answer answer,
      Call call,
      Admission admission,
      Optional<NearMiss> nearest,
      UpstreamTemperature temperature,
      Optional<Shadow> shadow,
      Timings timings)
      implements Answered {}

  /**
   * The upstream answered; the cache was not asked.
   *
   * @param reason why
   * @param answer the fresh answer
   * @param timings where the time went
   */
  record Bypassed(Reason reason, Answer answer, Timings timings) implements Answered {}

  /**
   * The caller asked for a cached answer only, and there is none, or shadow mode serves none.
   *
   * @param shadow what live mode would have done; empty in live mode
   * @param timings where the time went
   */
  record Unsatisfied(Optional<Shadow> shadow, Timings timings) implements Outcome {}

  /** What live mode would have done with a request of shadow mode. */
  sealed interface Shadow {
    /** It would have called the upstream, too. */
    record WouldMiss() implements Shadow {}

    /**
     * It would have served a stored answer.
     *
     * @param hit that hit
     */
    record WouldHit(Hit hit) implements Shadow {}
  }

  /** Whose call of the upstream it was. */
  enum Call {
    /** This request's own. */
    OWN,
    /** That of an equal request which was under way. */
    SHARED
  }

  /**
   * The saving of a hit.
   *
   * @param time the upstream's time minus the hit's time; zero if the hit took longer
   * @param cost the cost of the upstream's call
   */
  record Saving(Duration time, Cost cost) {}
}
