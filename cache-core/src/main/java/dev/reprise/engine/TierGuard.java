package dev.reprise.engine;

import dev.reprise.engine.CacheEvent.CircuitState;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.TierException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/*
 * Callers never probe a tier whose circuit is open: a probe may cost the whole deadline, and a tier that is down for an hour
 * would cost it to one caller a second. The engine's maintenance thread probes instead (see probe), so that an open circuit
 * costs callers nothing.
 */
/**
 * Stands between the engine and a tier: it bounds the time of a call, stops asking a tier that
 * fails, and never throws.
 */
final class TierGuard {
  private static final int MINIMUM_CALLS = 5;
  private static final int WINDOW = 20;
  private static final float FAILURE_PERCENT = 50;

  private final String tier;
  private final DeadlineOwner owner;
  private final Duration deadline;
  private final ExecutorService executor;
  private final LongSupplier nanoseconds;
  private final Consumer<CacheEvent> events;
  private final CircuitBreaker circuit;

  TierGuard(
      String tier,
      DeadlineOwner owner,
      Duration deadline,
      Duration openFor,
      ExecutorService executor,
      InstantSource clock,
      LongSupplier nanoseconds,
      Consumer<CacheEvent> events) {
    this.tier = tier;
    this.owner = owner;
    this.deadline = deadline;
    this.executor = executor;
    this.nanoseconds = nanoseconds;
    this.events = events;
    this.circuit =
        CircuitBreaker.of(
            tier,
            CircuitBreakerConfig.custom()
                .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(WINDOW)
                .minimumNumberOfCalls(MINIMUM_CALLS)
                .failureRateThreshold(FAILURE_PERCENT)
                .permittedNumberOfCallsInHalfOpenState(1)
                .waitDurationInOpenState(openFor)
                .currentTimestampFunction(unused -> nanoseconds.getAsLong(), TimeUnit.NANOSECONDS)
                .clock(clock.withZone(ZoneOffset.UTC))
                .writableStackTraceEnabled(false)
                .build());
    circuit
        .getEventPublisher()
        .onStateTransition(
            event -> {
              switch (event.getStateTransition().getToState()) {
                case OPEN -> events.accept(new CacheEvent.Circuit(tier, CircuitState.OPEN));
                case CLOSED -> events.accept(new CacheEvent.Circuit(tier, CircuitState.CLOSED));
                default -> {
                  // HALF_OPEN is the probe's; to everyone else it is still open.
                }
              }
            });
  }

  /**
   * Returns what {@code call} returns, or {@code fallback} where the tier is not asked or fails.
   */
  <T> T ask(Supplier<T> call, T fallback) {
    if (circuit.getState() != CircuitBreaker.State.CLOSED) {
      return fallback;
    }
    return attempt(call, fallback);
  }

  /** Returns whether the tier is asked. */
  boolean isClosed() {
    return circuit.getState() == CircuitBreaker.State.CLOSED;
  }

  /** Asks a tier whose circuit has been open long enough whether it answers again. */
  void probe(Runnable question) {
    if (circuit.getState() != CircuitBreaker.State.CLOSED && circuit.tryAcquirePermission()) {
      attempt(
          () -> {
            question.run();
            return true;
          },
          false);
    }
  }

  private <T> T attempt(Supplier<T> call, T fallback) {
    long start = nanoseconds.getAsLong();
    try {
      T result = owner == DeadlineOwner.TIER ? call.get() : callWithDeadline(call);
      circuit.onSuccess(nanoseconds.getAsLong() - start, TimeUnit.NANOSECONDS);
      return result;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      circuit.releasePermission();
      return fallback;
    } catch (RuntimeException | LinkageError e) {
      circuit.onError(nanoseconds.getAsLong() - start, TimeUnit.NANOSECONDS, e);
      events.accept(new CacheEvent.Trouble(tier, e));
      return fallback;
    }
  }

  private <T> T callWithDeadline(Supplier<T> call) throws InterruptedException {
    Future<T> future;
    try {
      future = executor.submit(call::get);
    } catch (RejectedExecutionException e) {
      throw new TierException(tier, "all threads wait for slow tiers already", e);
    }
    try {
      return future.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      future.cancel(true);
      throw new TierException(tier, "no answer within the deadline of " + deadline, e);
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
}
