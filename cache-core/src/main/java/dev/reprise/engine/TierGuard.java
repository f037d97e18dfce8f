package dev.reprise.engine;

import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.Scan;
import dev.reprise.tier.TierBusyException;
import dev.reprise.tier.TierException;
import dev.reprise.tier.TierFullException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * Callers never probe a tier whose circuit is open: a probe may cost the whole deadline, and a tier that is down for an hour
 * would cost it to one caller a second. The engine's maintenance thread probes instead (see probe), at its own pace, so that
 * an open circuit costs callers nothing and no clock that is set back keeps it open.
 *
 * A call that finds all of the tier's threads, or all connections to its server, in use does not count as a failure of the
 * tier. The calls that use them do count, by their own deadlines. Otherwise a burst of callers would open the circuit of a
 * healthy tier. Nor does a tier that is full: it still serves what it has.
 */
/**
 * Stands between the engine and a tier: it bounds the time of a call, stops asking a tier that
 * fails, and never throws.
 */
final class TierGuard {
  /** How many calls of one tier wait for it at the same time at most: {@value}. */
  static final int CALLS_AT_ONCE = 32;

  /** The engine's maintenance thread tries a tier again, and sooner. */
  private static final Duration NEXT_TRY = Duration.ofMinutes(1);

  /**
   * A call that took so many deadlines is as bad as a failed one, even if it was answered: the tier
   * does not keep the deadline that it owns.
   */
  static final int SLOW_DEADLINES = 10;

  private final String tier;
  private final DeadlineOwner owner;
  private final Duration deadline;
  private final Executor executor;
  private final LongSupplier nanoseconds;
  private final Consumer<CacheEvent> events;
  private final Semaphore permits = new Semaphore(CALLS_AT_ONCE);
  private final CircuitBreaker circuit;
  private final long slowNanoseconds;

  /** How many calls went well since one failed or was slow; more than the window do not count. */
  private volatile int calm;

  /**
   * @param tier what events call it
   * @param executor runs the calls whose deadline the engine owns; it has {@value #CALLS_AT_ONCE}
   *     threads for this tier
   */
  TierGuard(
      String tier,
      DeadlineOwner owner,
      Duration deadline,
      Executor executor,
      LongSupplier nanoseconds,
      Consumer<CacheEvent> events) {
    this.tier = tier;
    this.owner = owner;
    this.deadline = deadline;
    this.executor = executor;
    this.nanoseconds = nanoseconds;
    this.events = events;
    this.slowNanoseconds = deadline.multipliedBy(SLOW_DEADLINES).toNanos();
    this.circuit = Circuits.create(tier, Duration.ofNanos(slowNanoseconds), NEXT_TRY, events);
  }

  /**
   * Returns what {@code call} returns, or {@code fallback} where the tier is not asked or fails.
   */
  <T> T ask(Supplier<T> call, T fallback) {
    return ask(call, fallback, deadline);
  }

  /** Returns the same as {@link #ask(Supplier, Object)}, by another deadline. */
  <T> T ask(Supplier<T> call, T fallback, Duration patience) {
    if (!isClosed()) {
      return fallback;
    }
    return attempt(call, fallback, patience, Asker.CALLER);
  }

  /**
   * Has the tier walk through its entries, which may take longer than any deadline. That it takes
   * long says nothing about the tier; that it fails does.
   *
   * @param progress grows while the walk goes on
   * @param patience how long a tier whose deadline is the engine's may make no progress
   * @return {@link Scan#BROKEN_OFF} where the tier is not asked or fails
   */
  Scan walk(Supplier<Scan> walk, LongSupplier progress, Duration patience) {
    if (!isClosed()) {
      return Scan.BROKEN_OFF;
    }
    long start = nanoseconds.getAsLong();
    try {
      Scan end =
          owner == DeadlineOwner.TIER ? walk.get() : callWithDeadline(walk, patience, progress);
      return Objects.requireNonNull(end, "the tier answered null");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TierBusyException e) {
      events.accept(new CacheEvent.Trouble(tier, e));
    } catch (Throwable e) {
      failed(start, e);
      events.accept(new CacheEvent.Trouble(tier, e));
    }
    return Scan.BROKEN_OFF;
  }

  /** Returns whether the tier is asked. */
  boolean isClosed() {
    return circuit.getState() == CircuitBreaker.State.CLOSED;
  }

  /** Asks a tier whose circuit is open whether it answers again. Called by one thread at a time. */
  void probe(Runnable question) {
    if (circuit.getState() == CircuitBreaker.State.OPEN) {
      circuit.transitionToHalfOpenState();
    }
    if (!isClosed() && circuit.tryAcquirePermission()) {
      attempt(
          () -> {
            question.run();
            return true;
          },
          false,
          deadline,
          Asker.PROBE);
    }
  }

  /*
   * A window full of calls that went well does not change by one more. So as long as all is well, nothing is written that the
   * callers share.
   */
  private void succeeded(long time, Asker asker) {
    int before = calm;
    boolean isSlow = time > slowNanoseconds;
    if (isSlow || before < Circuits.WINDOW || asker == Asker.PROBE) {
      calm = isSlow ? 0 : before + 1;
      circuit.onSuccess(time, TimeUnit.NANOSECONDS);
    }
  }

  private void failed(long start, Throwable e) {
    calm = 0;
    circuit.onError(nanoseconds.getAsLong() - start, TimeUnit.NANOSECONDS, e);
  }

  private enum Asker {
    CALLER,
    PROBE
  }

  private <T> T attempt(Supplier<T> call, T fallback, Duration patience, Asker asker) {
    long start = nanoseconds.getAsLong();
    try {
      T result = owner == DeadlineOwner.TIER ? call.get() : callWithDeadline(call, patience);
      succeeded(nanoseconds.getAsLong() - start, asker);
      return result;
    } catch (InterruptedException e) {
      // The caller gave up; that says nothing about the tier.
      Thread.currentThread().interrupt();
      if (asker == Asker.PROBE) {
        circuit.releasePermission();
      }
    } catch (TierBusyException | TierFullException e) {
      if (asker == Asker.PROBE) {
        failed(start, e);
      } else {
        events.accept(new CacheEvent.Trouble(tier, e));
      }
    } catch (Throwable e) {
      failed(start, e);
      if (asker == Asker.CALLER) {
        events.accept(new CacheEvent.Trouble(tier, e));
      }
    }
    return fallback;
  }

  private <T> T callWithDeadline(Supplier<T> call, Duration patience) throws InterruptedException {
    return callWithDeadline(call, patience, () -> 0);
  }

  private <T> T callWithDeadline(Supplier<T> call, Duration patience, LongSupplier progress)
      throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    if (!permits.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      throw busy(null);
    }
    FutureTask<T> future = new FutureTask<>(call::get);
    try {
      executor.execute(
          () -> {
            try {
              future.run();
            } finally {
              permits.release();
            }
          });
    } catch (RejectedExecutionException e) {
      permits.release();
      throw busy(e);
    }
    try {
      return await(future, Math.max(0, end - System.nanoTime()), patience, progress);
    } catch (TimeoutException e) {
      future.cancel(true);
      throw new TierException(tier, "no answer within the deadline of " + patience, e);
    } catch (InterruptedException e) {
      future.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new TierException(tier, "failed: " + e.getCause(), e.getCause());
    }
  }

  /** Waits for {@code nanoseconds}, and then for {@code patience} as long as there is progress. */
  private static <T> T await(
      Future<T> future, long nanoseconds, Duration patience, LongSupplier progress)
      throws InterruptedException, ExecutionException, TimeoutException {
    long before = progress.getAsLong();
    long wait = nanoseconds;
    while (true) {
      try {
        return future.get(wait, TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        long now = progress.getAsLong();
        if (now == before) {
          throw e;
        }
        before = now;
        wait = patience.toNanos();
      }
    }
  }

  private TierBusyException busy(@Nullable RejectedExecutionException cause) {
    return new TierBusyException(
        tier, "all of its " + CALLS_AT_ONCE + " calls at once are under way already", cause);
  }
}
