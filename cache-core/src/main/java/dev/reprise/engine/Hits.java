package dev.reprise.engine;

import dev.reprise.model.Answer;
import dev.reprise.policy.Admission;
import dev.reprise.tier.Entry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Makes the outcome of a hit, and has some hits checked. Safe for use by several threads. */
final class Hits {
  private final Pricing pricing;
  private final InstantSource clock;
  private final Learner learner;
  private final WriteBack writeBack;
  private final EventHub events;

  Hits(
      Pricing pricing, InstantSource clock, Learner learner, WriteBack writeBack, EventHub events) {
    this.writeBack = writeBack;
    this.pricing = pricing;
    this.clock = clock;
    this.learner = learner;
    this.events = events;
  }

  /** Returns the outcome of a hit. */
  Outcome.Hit hit(Finding finding, Lookup lookup) {
    if (finding instanceof Finding.Exact) {
      writeBack.hitExactly(finding.entry(), lookup);
    }
    return hit(finding, lookup, lookup.watch().timings());
  }

  /** Returns what live mode would have done with a request of shadow mode. */
  Optional<Outcome.Shadow> shadow(Lookup lookup) {
    if (!lookup.planned().isShadow()) {
      return Optional.empty();
    }
    return Optional.of(
        lookup
            .withheld()
            .<Outcome.Shadow>map(
                found -> new Outcome.Shadow.WouldHit(hit(found.finding(), lookup, found.timings())))
            .orElseGet(Outcome.Shadow.WouldMiss::new));
  }

  private Outcome.Hit hit(Finding finding, Lookup lookup, Timings timings) {
    Entry entry = finding.entry();
    Duration age = entry.age(clock.instant());
    Duration time = entry.upstreamTime().minus(timings.total());
    Outcome.Saving saving =
        new Outcome.Saving(time.isNegative() ? Duration.ZERO : time, price(entry));
    if (finding instanceof Finding.Exact found) {
      return new Outcome.ExactHit(entry, found.tier(), age, saving, lookup.temperature(), timings);
    }
    if (finding instanceof Finding.Curated found) {
      return new Outcome.CuratedHit(
          entry,
          found.id(),
          found.version(),
          found.similarity(),
          found.confidence(),
          age,
          saving,
          lookup.temperature(),
          timings);
    }
    Finding.Semantic found = (Finding.Semantic) finding;
    return new Outcome.SemanticHit(
        entry, found.similarity(), found.confidence(), age, saving, lookup.temperature(), timings);
  }

  private Cost price(Entry entry) {
    try {
      return pricing.price(entry.model(), entry.answer().usage());
    } catch (Throwable e) {
      events.trouble("pricing", e);
      return new Cost.Unknown();
    }
  }

  /** Has a hit by meaning checked in the background, if it is its turn. */
  void maybeCheck(Finding finding, Lookup lookup, Upstream<?, ?> upstream) {
    if (finding instanceof Finding.Semantic) {
      Planned.Cached planned = lookup.planned();
      lookup
          .trace()
          .accepted()
          .ifPresent(accepted -> learner.maybeCheck(accepted, () -> fresh(planned, upstream)));
    }
  }

  /** Calls the upstream for a check; empty where its answer is none that would be stored. */
  private Optional<Answer> fresh(Planned.Cached planned, Upstream<?, ?> upstream) throws Exception {
    events.stats().upstreamCalled();
    Answer answer = upstream.call(planned.terms().temperature()).answer();
    return planned.policy().admit(planned.request(), answer, clock.instant())
            instanceof Admission.Store
        ? Optional.of(answer)
        : Optional.empty();
  }
}
