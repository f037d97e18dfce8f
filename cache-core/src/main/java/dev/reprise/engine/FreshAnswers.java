package dev.reprise.engine;

import dev.reprise.model.Answer;
import dev.reprise.policy.Admission;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes the outcome of an answer that the upstream gave: it is stored, or, where shadow mode
 * withheld a hit, compared with that. Safe for use by several threads.
 */
final class FreshAnswers {
  private final WriteBack writeBack;
  private final Hits hits;
  private final Comparisons comparisons;

  FreshAnswers(WriteBack writeBack, Hits hits, Comparisons comparisons) {
    this.writeBack = writeBack;
    this.hits = hits;
    this.comparisons = comparisons;
  }

  /** Returns the present moment, to be passed to {@link #outcome} with the answer of a call. */
  Began begin() {
    return writeBack.now();
  }

  /**
   * Returns the outcome of the request's own call.
   *
   * @param began when its call began
   */
  Outcome.Computed outcome(Lookup lookup, Answer answer, Began began) {
    Duration upstreamTime = lookup.watch().lap(Stage.UPSTREAM);
    Optional<Outcome.Shadow> shadow = hits.shadow(lookup);
    Admission admission = writeBack.write(lookup, answer, upstreamTime, began);
    Outcome.Computed outcome =
        new Outcome.Computed(
            answer,
            Outcome.Call.OWN,
            admission,
            lookup.trace().nearMiss(),
            lookup.temperature(),
            shadow,
            lookup.watch().timings());
    outcome.wouldHit().ifPresent(hit -> comparisons.compare(hit, lookup, answer));
    return outcome;
  }

  /** Returns the outcome of a request that was answered by an equal request's call. */
  static Outcome.Computed shared(Lookup lookup, Answer answer, Admission admission) {
    lookup.answeredTogether(admission);
    return new Outcome.Computed(
        answer,
        Outcome.Call.SHARED,
        admission,
        Optional.empty(),
        lookup.temperature(),
        Optional.empty(),
        lookup.watch().timings());
  }
}
