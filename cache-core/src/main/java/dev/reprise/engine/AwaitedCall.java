package dev.reprise.engine;

import dev.reprise.model.CacheControl;
import dev.reprise.model.Reason;
import dev.reprise.policy.Plan;
import dev.reprise.policy.UpstreamTemperature;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One request whose answer is awaited. It returns the outcome, or throws what the upstream threw;
 * whoever runs it reports the one or the other. Runs on the caller's thread. Its twin is {@link
 * StreamCall}.
 *
 * @param <R> the integration's own form of a reply
 * @param <X> what the upstream may throw
 */
final class AwaitedCall<R, X extends Exception> {
  private final CallParts parts;
  private final Lookup lookup;
  private final Upstream<R, X> upstream;

  AwaitedCall(CallParts parts, Lookup lookup, Upstream<R, X> upstream) {
    this.parts = parts;
    this.lookup = lookup;
    this.upstream = upstream;
  }

  /** Serves a request that goes past the cache. */
  static <R, X extends Exception> Served<R> bypassed(
      CallParts parts,
      Reason reason,
      CacheControl control,
      Stopwatch watch,
      Upstream<R, X> upstream)
      throws X {
    if (control.has(CacheControl.Directive.ONLY_IF_CACHED)) {
      return Served.of(new Outcome.Unsatisfied(Optional.empty(), watch.timings()));
    }
    parts.stats().upstreamCalled();
    Reply<R> reply = upstream.call(UpstreamTemperature.AS_REQUESTED);
    watch.lap(Stage.UPSTREAM);
    return Served.of(new Outcome.Bypassed(reason, reply.answer(), watch.timings()), reply);
  }

  /** Serves a request that is looked up. */
  Served<R> run() throws X {
    Planned.Cached planned = lookup.planned();
    long deadline = parts.nanoseconds().getAsLong() + parts.threads().followerWait().toNanos();
    while (true) {
      long landings = parts.flights().landings();
      if (planned.isLookedUp()) {
        Optional<Finding> found = lookup.findExact();
        if (found.isPresent()) {
          return hit(found.get());
        }
      }
      if (planned.terms().onMiss() == Plan.OnMiss.REPORT) {
        return Served.of(report());
      }
      if (!planned.isShared()) {
        return alone();
      }
      Flight<Object> mine = parts.flights().open();
      Flight<Object> theirs = parts.flights().board(lookup.key(), mine);
      if (theirs == mine) {
        return lead(mine, landings);
      }
      if (theirs.isLedByThisThread()) {
        return alone();
      }
      if (!theirs.join()) {
        parts.flights().forget(lookup.key(), theirs);
        continue;
      }
      Optional<Served<R>> served = follow(theirs, deadline);
      if (served.isPresent()) {
        return served.get();
      }
    }
  }

  private Served<R> hit(Finding found) {
    return Served.of(parts.hits().hit(found, lookup));
  }

  private Served<R> checkedHit(Finding found) {
    parts.hits().maybeCheck(found, lookup, upstream);
    return hit(found);
  }

  /** Ends a request that wants a cached answer only, and has no exact hit. */
  private Outcome report() {
    Optional<Finding> found =
        lookup.planned().isLookedUp() ? lookup.findSemantic() : Optional.empty();
    return found.isPresent()
        ? parts.hits().hit(found.get(), lookup)
        : new Outcome.Unsatisfied(parts.hits().shadow(lookup), lookup.watch().timings());
  }

  private Served<R> lead(Flight<Object> flight, long landings) throws X {
    Flight.Landing landing = new Flight.Landing.Abandoned();
    try {
      Optional<Finding> found = lookup.findAsLeader(parts.flights().landings() != landings);
      if (found.isPresent()) {
        landing = new Flight.Landing.Found(found.get());
        return checkedHit(found.get());
      }
      SharedLead.Turn turn = new SharedLead(parts.sharedFlights(), lookup, parts).await();
      if (turn instanceof SharedLead.Turn.Found elsewhere) {
        landing = new Flight.Landing.Found(elsewhere.finding());
        return hit(elsewhere.finding());
      }
      SharedLead.endWith(flight, ((SharedLead.Turn.Call) turn).lease());
      Served<R> served = compute();
      Outcome.Computed computed = (Outcome.Computed) served.outcome();
      landing = new Flight.Landing.Answered(computed.answer(), computed.admission());
      return served;
    } catch (Throwable e) {
      landing =
          Cancellation.isBehind(e) ? new Flight.Landing.Abandoned() : new Flight.Landing.Failed(e);
      throw e;
    } finally {
      parts.flights().land(lookup.key(), flight, landing);
    }
  }

  /** Waits for another request's call; empty where this one has to look again. */
  private Optional<Served<R>> follow(Flight<Object> flight, long deadline) throws X {
    Flight.Landing landing = await(flight, deadline - parts.nanoseconds().getAsLong());
    lookup.watch().lap(Stage.WAIT);
    if (landing == null) {
      parts.flights().leave(lookup.key(), flight);
      return Optional.of(alone());
    }
    if (landing instanceof Flight.Landing.Answered answered) {
      return Optional.of(
          lookup.isReadable(answered.answer())
              ? Served.of(FreshAnswers.shared(lookup, answered.answer(), answered.admission()))
              : compute());
    }
    if (landing instanceof Flight.Landing.Failed failed && upstream.isEndedBy(failed.cause())) {
      AwaitedCall.<X>throwAsItIs(failed.cause());
    }
    if (landing instanceof Flight.Landing.Found found && lookup.mayServe(found.finding())) {
      return Optional.of(hit(found.finding()));
    }
    // Abandoned, half an answer, the leader's own failure, or found what is too old for this
    // request: look again, perhaps as the leader.
    return Optional.empty();
  }

  private Served<R> alone() throws X {
    if (lookup.planned().isLookedUp()) {
      Optional<Finding> found = lookup.findSemantic();
      if (found.isPresent()) {
        return checkedHit(found.get());
      }
    }
    return compute();
  }

  private Served<R> compute() throws X {
    Began began = parts.fresh().begin();
    parts.stats().upstreamCalled();
    Reply<R> reply = upstream.call(lookup.temperature());
    return Served.of(parts.fresh().outcome(lookup, reply.answer(), began), reply);
  }

  /** Waits for a flight to land; null if that takes too long, or if the caller is interrupted. */
  private static Flight.@Nullable Landing await(Flight<Object> flight, long patience) {
    try {
      return flight.landing().get(Math.max(0, patience), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      // The caller's own upstream call will notice it, and throw what it throws when it is
      // interrupted.
      Thread.currentThread().interrupt();
      return null;
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      throw new AssertionError("a flight lands, it never throws", e);
    }
  }

  /** Throws {@code cause}, checked or not. */
  @SuppressWarnings("unchecked") // The leader's upstream and the follower's throw the same.
  private static <T extends Throwable> void throwAsItIs(Throwable cause) throws T {
    throw (T) cause;
  }
}
