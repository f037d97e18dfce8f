package dev.reprise.engine;

import dev.reprise.engine.CacheEvent.CircuitState;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.function.Consumer;

/** Makes the circuits that keep the engine from asking a part that fails or is slow. */
final class Circuits {
  /** How many of the last calls are judged: {@value}. */
  static final int WINDOW = 20;

  /** How many calls are judged at least before the circuit opens: {@value}. */
  static final int MINIMUM_CALLS = 5;

  /** The circuit opens where so many of the judged calls failed, or so many were slow. */
  private static final float PERCENT = 50;

  private Circuits() {}

  /**
   * Makes a circuit that tells when it opens and when it closes.
   *
   * @param part what events call it
   * @param slow how long a call takes that is as bad as a failed one
   * @param pause how long callers are turned away before one of them may try again
   */
  static CircuitBreaker create(
      String part, Duration slow, Duration pause, Consumer<CacheEvent> events) {
    CircuitBreaker circuit =
        CircuitBreaker.of(
            part,
            CircuitBreakerConfig.custom()
                .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(WINDOW)
                .minimumNumberOfCalls(MINIMUM_CALLS)
                .failureRateThreshold(PERCENT)
                .slowCallDurationThreshold(slow)
                .slowCallRateThreshold(PERCENT)
                .permittedNumberOfCallsInHalfOpenState(1)
                .waitDurationInOpenState(pause)
                .writableStackTraceEnabled(false)
                .build());
    circuit
        .getEventPublisher()
        .onStateTransition(
            event -> {
              switch (event.getStateTransition()) {
                case CLOSED_TO_OPEN ->
                    events.accept(new CacheEvent.Circuit(part, CircuitState.OPEN));
                case HALF_OPEN_TO_CLOSED ->
                    events.accept(new CacheEvent.Circuit(part, CircuitState.CLOSED));
                default -> {
                  // HALF_OPEN is one caller's; to everyone else it is still open.
                }
              }
            });
    return circuit;
  }
}
