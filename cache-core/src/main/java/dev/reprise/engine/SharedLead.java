package dev.reprise.engine;

import dev.reprise.policy.Admission;
import dev.reprise.tier.SharedFlights;
import dev.reprise.tier.SharedFlights.Boarding;
import dev.reprise.tier.SharedFlights.Ending;
import dev.reprise.tier.SharedFlights.IfStored;
import dev.reprise.tier.SharedFlights.Lease;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/*
 * Only a request that leads its engine's own flight comes here, and only after it found nothing: hits cost no round trip. A follower
 * waits for the leader's word, and asks for the lead from time to time, since a leader that died says nothing.
 */
/**
 * One request's way to the lead among all engines that share a tier: it ends with a stored answer,
 * or with the right to call the upstream. Used by one thread at a time.
 */
final class SharedLead {
  /** What the request does next. */
  sealed interface Turn {
    /** It calls the upstream. */
    record Call(Lease lease) implements Turn {}

    /** Another engine has stored the answer meanwhile. */
    record Found(Finding finding) implements Turn {}
  }

  private static final Turn ON_ITS_OWN = new Turn.Call(Lease.LOCAL);

  private final @Nullable SharedFlights flights;
  private final Lookup lookup;
  private final LongSupplier nanoseconds;
  private final long deadline;
  private IfStored ifStored = IfStored.RETURN;

  /**
   * @param flights null where engines do not share flights
   */
  SharedLead(@Nullable SharedFlights flights, Lookup lookup, CallParts parts) {
    // A tier that did not answer the lookup is not asked once more.
    this.flights = lookup.isExactUnavailable() ? null : flights;
    this.lookup = lookup;
    this.nanoseconds = parts.nanoseconds();
    this.deadline = nanoseconds.getAsLong() + parts.threads().followerWait().toNanos();
  }

  /** Waits on this thread for its turn. */
  Turn await() {
    while (true) {
      Boarding boarding = board();
      if (!(boarding instanceof SharedFlights.Following following)) {
        Optional<Turn> turn = turn(boarding);
        if (turn.isPresent()) {
          return turn.get();
        }
        continue;
      }
      Optional<Turn> turn = turn(end(following));
      if (turn.isPresent()) {
        return turn.get();
      }
    }
  }

  /**
   * Hands its turn on: on this thread where it needs no waiting, otherwise on a thread of {@code
   * later}.
   */
  void whenReady(Executor later, Consumer<Turn> next) {
    while (true) {
      Boarding boarding = board();
      if (boarding instanceof SharedFlights.Following following) {
        CompletableFuture<Ending> ending = following.ending();
        var unused =
            ending
                .copy()
                .completeOnTimeout(Ending.ABANDONED, wait(following), TimeUnit.NANOSECONDS)
                .exceptionally(failed -> Ending.ABANDONED)
                .thenAcceptAsync(
                    end -> {
                      ending.cancel(false);
                      turnOrCall(end).ifPresentOrElse(next, () -> whenReady(later, next));
                    },
                    later);
        return;
      }
      Optional<Turn> turn = turn(boarding);
      if (turn.isPresent()) {
        next.accept(turn.get());
        return;
      }
    }
  }

  private Boarding board() {
    return flights == null || nanoseconds.getAsLong() - deadline >= 0
        ? new SharedFlights.Leading(Lease.LOCAL)
        : flights.board(lookup.key(), ifStored);
  }

  private long wait(SharedFlights.Following following) {
    long left = deadline - nanoseconds.getAsLong();
    return Math.max(0, Math.min(left, following.patience().toNanos()));
  }

  /** Returns how the followed flight ended; abandoned, where it is time to ask for the lead. */
  private Ending end(SharedFlights.Following following) {
    try {
      return following.ending().get(wait(following), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      // The caller's own upstream call will notice it.
      Thread.currentThread().interrupt();
      return Ending.NOT_STORED;
    } catch (TimeoutException | ExecutionException | CancellationException e) {
      return Ending.ABANDONED;
    } finally {
      following.ending().cancel(false);
    }
  }

  /** Nobody would notice an exception on a thread of the engine's. */
  private Optional<Turn> turnOrCall(Ending ending) {
    try {
      return turn(ending);
    } catch (RuntimeException e) {
      return Optional.of(ON_ITS_OWN);
    }
  }

  private Optional<Turn> turn(Boarding boarding) {
    return boarding instanceof SharedFlights.Leading leading
        ? Optional.of(new Turn.Call(leading.lease()))
        : found();
  }

  private Optional<Turn> turn(Ending ending) {
    lookup.watch().lap(Stage.WAIT);
    return switch (ending) {
      case STORED -> found();
      case NOT_STORED -> Optional.of(ON_ITS_OWN);
      case ABANDONED -> Optional.empty();
    };
  }

  /** Fetches what is said to be stored. If this request cannot use it, it asks for the lead. */
  private Optional<Turn> found() {
    Optional<Turn> found = lookup.findExact().map(Turn.Found::new);
    ifStored = IfStored.IGNORE;
    return found.isEmpty() && lookup.isExactUnavailable() ? Optional.of(ON_ITS_OWN) : found;
  }

  /** Ends {@code lease} when {@code flight} lands, however it does. */
  static void endWith(Flight<?> flight, Lease lease) {
    var unused = flight.landing().thenAccept(landing -> lease.end(ending(landing)));
  }

  private static Ending ending(Flight.Landing landing) {
    if (landing instanceof Flight.Landing.Abandoned) {
      return Ending.ABANDONED;
    }
    Optional<Admission> admission = admission(landing);
    boolean isStored = admission.isPresent() && admission.get() instanceof Admission.Store;
    return isStored ? Ending.STORED : Ending.NOT_STORED;
  }

  private static Optional<Admission> admission(Flight.Landing landing) {
    if (landing instanceof Flight.Landing.Answered answered) {
      return Optional.of(answered.admission());
    }
    return landing instanceof Flight.Landing.Unfinished half
        ? Optional.of(half.admission())
        : Optional.empty();
  }
}
