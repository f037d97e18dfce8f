package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.Completion;
import dev.reprise.model.Reason;
import dev.reprise.policy.Plan;
import dev.reprise.policy.UpstreamTemperature;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/*
 * A stream is in one of three positions:
 *
 * - solo: chunks go from the upstream to the subscriber;
 * - leader of a flight: the same, and each chunk goes to the flight, too;
 * - follower of a flight: see StreamFollower.
 */
/**
 * One streamed request. It hands its end to the engine, once. Its twin is {@link AwaitedCall}.
 *
 * @param <C> the integration's own kind of chunk
 */
final class StreamCall<C> implements StreamSubscriber.Subscription {
  private final CallParts parts;
  private final StreamOutlet<C> outlet;
  private final StreamingUpstream<C> upstream;
  private final Stopwatch watch;
  private final AtomicReference<@Nullable Boarded> boarded = new AtomicReference<>();
  private final AtomicReference<@Nullable Runnable> stopAlone = new AtomicReference<>();

  /** The flight that is led or followed; whoever takes it out leaves it, once. */
  private record Boarded(ExactKey key, Flight<Object> flight) {}

  /**
   * @param end is told how the stream ends
   */
  StreamCall(
      CallParts parts,
      StreamOutlet.End end,
      StreamingUpstream<C> upstream,
      StreamSubscriber<C> subscriber,
      Stopwatch watch) {
    this.parts = parts;
    this.outlet = new StreamOutlet<>(this, subscriber, end);
    this.upstream = upstream;
    this.watch = watch;
  }

  /** Returns where chunks and the end go. */
  StreamOutlet<C> outlet() {
    return outlet;
  }

  /** Streams what goes past the cache. */
  void bypass(Reason reason, CacheControl control) {
    if (control.has(CacheControl.Directive.ONLY_IF_CACHED)) {
      outlet.endUnsatisfied(new Outcome.Unsatisfied(Optional.empty(), watch.timings()));
    } else {
      outlet.bypass(reason);
      callUpstream(
          new Solo(
              answer -> {
                watch.lap(Stage.UPSTREAM);
                return new Outcome.Bypassed(reason, answer, watch.timings());
              }),
          UpstreamTemperature.AS_REQUESTED);
    }
  }

  /** Streams what is looked up. */
  void seek(Lookup lookup) {
    Planned.Cached planned = lookup.planned();
    long landings = parts.flights().landings();
    if (planned.isLookedUp()) {
      Optional<Finding> found = lookup.findExact();
      if (found.isPresent()) {
        outlet.endWhole(parts.hits().hit(found.get(), lookup));
        return;
      }
    }
    if (planned.terms().onMiss() == Plan.OnMiss.REPORT || !planned.isShared()) {
      seekAlone(lookup);
      return;
    }
    while (true) {
      Flight<Object> mine = parts.flights().open();
      Flight<Object> theirs = parts.flights().board(lookup.key(), mine);
      if (theirs == mine) {
        board(lookup, mine);
        lead(lookup, mine, landings);
        return;
      }
      if (theirs.isLedByThisThread()) {
        // A model that is wrapped twice: its own call would be waited for.
        seekAlone(lookup);
        return;
      }
      StreamFollower<C> follower = new StreamFollower<>(this, parts, lookup);
      switch (theirs.join(follower)) {
        case JOINED -> {
          board(lookup, theirs);
          follower.begin();
          return;
        }
        case ABANDONED -> parts.flights().forget(lookup.key(), theirs);
        case TOO_LATE -> {
          seekAlone(lookup);
          return;
        }
      }
    }
  }

  /** Remembers the flight for {@link #cancel}, which may have come already. */
  private void board(Lookup lookup, Flight<Object> joined) {
    boarded.set(new Boarded(lookup.key(), joined));
    if (outlet.isCancelled()) {
      leave();
    }
  }

  /** Leaves the flight that is led or followed. */
  void leave() {
    Boarded left = boarded.getAndSet(null);
    if (left != null) {
      parts.flights().leave(left.key(), left.flight());
    }
  }

  /** Forgets the flight that was followed, which has landed. */
  void disembark() {
    boarded.set(null);
  }

  /** Looks by meaning, and calls the upstream for this request only. */
  void seekAlone(Lookup lookup) {
    Optional<Finding> found =
        lookup.planned().isLookedUp() ? lookup.findSemantic() : Optional.empty();
    if (found.isPresent()) {
      outlet.endWhole(parts.hits().hit(found.get(), lookup));
    } else if (lookup.planned().terms().onMiss() == Plan.OnMiss.REPORT) {
      outlet.endUnsatisfied(new Outcome.Unsatisfied(parts.hits().shadow(lookup), watch.timings()));
    } else {
      callAlone(lookup);
    }
  }

  /** Calls the upstream for this request only, unless it was cancelled. */
  void callAlone(Lookup lookup) {
    Began began = parts.fresh().begin();
    parts.hits().shadow(lookup).ifPresent(outlet::shadow);
    callUpstream(
        new Solo(answer -> parts.fresh().outcome(lookup, answer, began)), lookup.temperature());
  }

  private void lead(Lookup lookup, Flight<Object> mine, long landings) {
    try {
      Optional<Finding> found = lookup.findAsLeader(parts.flights().landings() != landings);
      if (found.isPresent()) {
        parts.flights().land(lookup.key(), mine, new Flight.Landing.Found(found.get()));
        outlet.endWhole(parts.hits().hit(found.get(), lookup));
        return;
      }
      mine.leaderReturned();
      new SharedLead(parts.sharedFlights(), lookup, parts)
          .whenReady(parts.threads().leaders(), turn -> proceed(lookup, mine, turn));
    } catch (Throwable e) {
      new Leader(lookup, mine).fail(e);
    }
  }

  /** Goes on as the leader among all engines, or with what another one has stored. */
  private void proceed(Lookup lookup, Flight<Object> mine, SharedLead.Turn turn) {
    Leader leader = new Leader(lookup, mine);
    mine.leadsOnThisThread();
    try {
      if (turn instanceof SharedLead.Turn.Found elsewhere) {
        leader.land(new Flight.Landing.Found(elsewhere.finding()));
        outlet.endWhole(parts.hits().hit(elsewhere.finding(), lookup));
        return;
      }
      SharedLead.endWith(mine, ((SharedLead.Turn.Call) turn).lease());
      if (!mine.landing().isDone()) {
        start(leader, lookup.temperature());
      }
    } catch (Throwable e) {
      leader.fail(e);
    } finally {
      mine.leaderReturned();
    }
  }

  private void callUpstream(StreamingUpstream.Sink<C> sink, UpstreamTemperature temperature) {
    if (!outlet.hasEnded()) {
      start(sink, temperature);
    }
  }

  private void start(StreamingUpstream.Sink<C> sink, UpstreamTemperature temperature) {
    parts.stats().upstreamCalled();
    try {
      upstream.start(sink, temperature);
    } catch (Throwable e) {
      sink.fail(e);
    }
  }

  /** Returns whether the failure of the followed flight is this request's, too. */
  boolean isEndedBy(Throwable failure) {
    return upstream.isEndedBy(failure);
  }

  @Override
  public boolean isCancelled() {
    return outlet.isCancelled();
  }

  @Override
  public void cancel() {
    if (outlet.cancel()) {
      StreamOutlet.quietly(this::leave);
      stopAlone();
    }
  }

  private void stopAloneWith(Runnable stop) {
    stopAlone.set(stop);
    if (outlet.isCancelled()) {
      stopAlone();
    }
  }

  private void stopAlone() {
    Runnable stop = stopAlone.getAndSet(null);
    if (stop != null) {
      StreamOutlet.quietly(stop);
    }
  }

  // --- the upstream's side ----------------------------------------------------------------------

  /** Takes what the upstream gives to a request that shares its call with nobody. */
  private final class Solo implements StreamingUpstream.Sink<C> {
    private final Function<Answer, Outcome.Answered> outcome;

    Solo(Function<Answer, Outcome.Answered> outcome) {
      this.outcome = outcome;
    }

    @Override
    public void cancelWith(Runnable cancel) {
      stopAloneWith(cancel);
    }

    @Override
    public void next(C chunk) {
      outlet.chunk(chunk);
    }

    @Override
    public void complete(Answer answer) {
      if (!outlet.hasEnded()) {
        outlet.endComplete(outcome.apply(answer));
      }
    }

    @Override
    public void fail(Throwable cause) {
      outlet.endFailed(cause);
    }
  }

  /** Takes what the upstream gives to the leader of a flight. */
  private final class Leader implements StreamingUpstream.Sink<C> {
    private final Lookup lookup;
    private final Flight<Object> led;
    private final Began began = parts.fresh().begin();
    private final AtomicBoolean landed = new AtomicBoolean();

    Leader(Lookup lookup, Flight<Object> led) {
      this.lookup = lookup;
      this.led = led;
    }

    @Override
    public void cancelWith(Runnable cancel) {
      StreamOutlet.quietly(() -> led.cancelWith(cancel));
    }

    @Override
    public void next(C chunk) {
      if (!landed.get()) {
        led.deliver(() -> outlet.chunk(chunk));
        led.next(chunk);
      }
    }

    @Override
    public void complete(Answer answer) {
      if (!landed.compareAndSet(false, true) || led.landing().isDone()) {
        return;
      }
      Outcome.Computed outcome = parts.fresh().outcome(lookup, answer, began);
      land(
          answer.completion() == Completion.OTHER
              ? new Flight.Landing.Unfinished(answer, outcome.admission())
              : new Flight.Landing.Answered(answer, outcome.admission()));
      outlet.endComplete(outcome);
    }

    @Override
    public void fail(Throwable cause) {
      if (landed.compareAndSet(false, true)) {
        land(new Flight.Landing.Failed(cause));
        outlet.endFailed(cause);
      }
    }

    private void land(Flight.Landing landing) {
      parts.flights().land(lookup.key(), led, landing);
    }
  }
}
