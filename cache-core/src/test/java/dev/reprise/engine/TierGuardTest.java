package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEvent.CircuitState;
import dev.reprise.testing.EventLog;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.TierBusyException;
import dev.reprise.tier.TierException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TierGuardTest {
  private static final Duration DEADLINE = Duration.ofMillis(50);

  /** Long enough for a healthy call on a machine that does something else for a while. */
  private static final Duration PATIENT = Duration.ofSeconds(20);

  private final EventLog log = new EventLog();
  private final AtomicLong nanoseconds = new AtomicLong();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger calls = new AtomicInteger();

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  private TierGuard guard(DeadlineOwner owner, Duration deadline) {
    return new TierGuard("tier", owner, deadline, threads, nanoseconds::get, log::onEvent);
  }

  private String failing() {
    calls.incrementAndGet();
    throw new TierException("tier", "is down");
  }

  private String answering() {
    calls.incrementAndGet();
    return "answer";
  }

  private static void open(TierGuard guard, Supplier<String> failing) {
    for (int i = 0; i < Circuits.MINIMUM_CALLS; i++) {
      assertThat(guard.ask(failing, "fallback")).isEqualTo("fallback");
    }
    assertThat(guard.isClosed()).isFalse();
  }

  private List<CircuitState> circuit() {
    return log.of(CacheEvent.Circuit.class).stream().map(CacheEvent.Circuit::state).toList();
  }

  @Test
  void opensAfterFailuresAndAsksNoMore() {
    TierGuard guard = guard(DeadlineOwner.TIER, DEADLINE);
    open(guard, this::failing);
    for (int i = 0; i < 100; i++) {
      assertThat(guard.ask(this::failing, "fallback")).isEqualTo("fallback");
    }
    assertThat(calls).hasValue(Circuits.MINIMUM_CALLS);
    assertThat(log.of(CacheEvent.Trouble.class)).hasSize(Circuits.MINIMUM_CALLS);
    assertThat(circuit()).containsExactly(CircuitState.OPEN);
  }

  @Test
  void fewFailuresAmongManyAnswersDoNotOpen() {
    TierGuard guard = guard(DeadlineOwner.TIER, DEADLINE);
    for (int i = 0; i < 100; i++) {
      assertThat(guard.ask(i % 3 == 0 ? this::failing : this::answering, "fallback"))
          .isEqualTo(i % 3 == 0 ? "fallback" : "answer");
    }
    assertThat(guard.isClosed()).isTrue();
    assertThat(circuit()).isEmpty();
  }

  @Test
  void noTimeClosesItButAProbeThatIsAnswered() {
    TierGuard guard = guard(DeadlineOwner.TIER, DEADLINE);
    open(guard, this::failing);
    nanoseconds.addAndGet(Duration.ofDays(1).toNanos());
    assertThat(guard.ask(this::answering, "fallback")).isEqualTo("fallback");
    guard.probe(this::answering);
    assertThat(guard.isClosed()).isTrue();
    assertThat(guard.ask(this::answering, "fallback")).isEqualTo("answer");
    assertThat(circuit()).containsExactly(CircuitState.OPEN, CircuitState.CLOSED);
  }

  @Test
  void aProbeThatFailsTellsNothingNew() {
    TierGuard guard = guard(DeadlineOwner.TIER, DEADLINE);
    open(guard, this::failing);
    for (int i = 0; i < 10; i++) {
      guard.probe(this::failing);
      assertThat(guard.isClosed()).isFalse();
    }
    assertThat(calls).hasValue(Circuits.MINIMUM_CALLS + 10);
    assertThat(circuit()).containsExactly(CircuitState.OPEN);
    assertThat(log.of(CacheEvent.Trouble.class)).hasSize(Circuits.MINIMUM_CALLS);
  }

  @Test
  void aClosedCircuitIsNotProbed() {
    TierGuard guard = guard(DeadlineOwner.TIER, DEADLINE);
    guard.probe(this::answering);
    assertThat(calls).hasValue(0);
  }

  @Test
  void aCallBeyondTheDeadlineIsInterruptedAndFails() throws Exception {
    // Long enough for the call to begin on a busy machine: one that has not begun has no thread to
    // interrupt.
    Duration deadline = Duration.ofSeconds(1);
    TierGuard guard = guard(DeadlineOwner.ENGINE, deadline);
    CountDownLatch interrupted = new CountDownLatch(1);
    long start = System.nanoTime();
    assertThat(guard.ask(() -> hang(interrupted), "fallback")).isEqualTo("fallback");
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(deadline)
        .isLessThan(Duration.ofSeconds(10));
    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(log.of(CacheEvent.Trouble.class))
        .singleElement()
        .satisfies(
            trouble ->
                assertThat(trouble.cause())
                    .isInstanceOf(TierException.class)
                    .hasMessageContaining("no answer within the deadline of PT1S"));
  }

  @Test
  void slowCallsOpenTheCircuitOfATierThatDoesNotKeepItsOwnDeadline() {
    TierGuard guard = guard(DeadlineOwner.TIER, DEADLINE);
    Supplier<String> slow =
        () -> {
          nanoseconds.addAndGet(DEADLINE.multipliedBy(TierGuard.SLOW_DEADLINES).toNanos() + 1);
          return "answer";
        };
    for (int i = 0; i < Circuits.MINIMUM_CALLS; i++) {
      assertThat(guard.ask(slow, "fallback")).isEqualTo("answer");
    }
    assertThat(guard.isClosed()).isFalse();
    assertThat(circuit()).containsExactly(CircuitState.OPEN);
  }

  /** Of the last 20 calls, half have to fail, however many went well before. */
  @Test
  void failuresBehindManyCallsThatWentWellOpenTheCircuit() {
    TierGuard guard = guard(DeadlineOwner.TIER, DEADLINE);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 100; i++) {
        assertThat(guard.ask(this::answering, "fallback")).isEqualTo("answer");
      }
      for (int i = 0; i < 9; i++) {
        assertThat(guard.ask(this::failing, "fallback")).isEqualTo("fallback");
      }
      assertThat(guard.isClosed()).isTrue();
    }
    assertThat(guard.ask(this::failing, "fallback")).isEqualTo("fallback");
    assertThat(guard.isClosed()).isFalse();
  }

  @Test
  void calmCallsKeepItClosed() {
    TierGuard guard = guard(DeadlineOwner.TIER, DEADLINE);
    for (int i = 0; i < 100; i++) {
      String answer =
          guard.ask(
              () -> {
                nanoseconds.addAndGet(DEADLINE.toNanos());
                return "answer";
              },
              "fallback");
      assertThat(answer).isEqualTo("answer");
    }
    assertThat(guard.isClosed()).isTrue();
  }

  @Test
  void anErrorIsAFailureLikeAnother() {
    for (DeadlineOwner owner : DeadlineOwner.values()) {
      TierGuard guard = guard(owner, PATIENT);
      Supplier<String> dying =
          () -> {
            throw new StackOverflowError("told to");
          };
      open(guard, dying);
    }
  }

  @Test
  void theTiersOwnExceptionIsTold() {
    TierGuard guard = guard(DeadlineOwner.ENGINE, PATIENT);
    IllegalStateException own = new IllegalStateException("told to");
    assertThat(
            guard.<String>ask(
                () -> {
                  throw own;
                },
                "fallback"))
        .isEqualTo("fallback");
    assertThat(log.of(CacheEvent.Trouble.class))
        .singleElement()
        .satisfies(trouble -> assertThat(trouble.cause()).isSameAs(own));
  }

  @Test
  void anInterruptedCallerIsNotTheTiersFault() {
    TierGuard guard = guard(DeadlineOwner.ENGINE, PATIENT);
    for (int i = 0; i < 100; i++) {
      Thread.currentThread().interrupt();
      assertThat(guard.ask(() -> hang(new CountDownLatch(1)), "fallback")).isEqualTo("fallback");
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(guard.isClosed()).isTrue();
    assertThat(log.events()).isEmpty();
    assertThat(guard.ask(this::answering, "fallback")).isEqualTo("answer");
  }

  @Test
  void aBurstOfCallersDoesNotOpenTheCircuitOfAHealthyTier() throws Exception {
    TierGuard guard = guard(DeadlineOwner.ENGINE, PATIENT);
    List<Future<String>> asked = new ArrayList<>();
    for (int i = 0; i < 10 * TierGuard.CALLS_AT_ONCE; i++) {
      asked.add(
          threads.submit(
              () ->
                  guard.ask(
                      () -> {
                        pause();
                        return answering();
                      },
                      "fallback")));
    }
    for (Future<String> future : asked) {
      assertThat(future.get(30, TimeUnit.SECONDS)).isEqualTo("answer");
    }
    assertThat(log.events()).isEmpty();
  }

  @Test
  void callersWhoFindAllThreadsBusyDoNotJudgeTheTier() throws Exception {
    TierGuard patient = guard(DeadlineOwner.ENGINE, PATIENT);
    CountDownLatch letGo = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(TierGuard.CALLS_AT_ONCE);
    List<Future<String>> holders = new ArrayList<>();
    for (int i = 0; i < TierGuard.CALLS_AT_ONCE; i++) {
      holders.add(
          threads.submit(
              () ->
                  patient.ask(
                      () -> {
                        busy.countDown();
                        awaitQuietly(letGo);
                        return "answer";
                      },
                      "fallback")));
    }
    assertThat(busy.await(30, TimeUnit.SECONDS)).isTrue();
    for (int i = 0; i < 2 * Circuits.MINIMUM_CALLS; i++) {
      assertThat(patient.ask(this::answering, "fallback", Duration.ofMillis(1)))
          .isEqualTo("fallback");
    }
    assertThat(calls).hasValue(0);
    assertThat(patient.isClosed()).isTrue();
    assertThat(log.of(CacheEvent.Trouble.class)).hasSize(2 * Circuits.MINIMUM_CALLS);
    letGo.countDown();
    for (Future<String> holder : holders) {
      assertThat(holder.get(30, TimeUnit.SECONDS)).isEqualTo("answer");
    }
    assertThat(patient.ask(this::answering, "fallback")).isEqualTo("answer");
  }

  @Test
  void aTierWithoutAFreeConnectionIsNotJudgedEither() {
    TierGuard guard = guard(DeadlineOwner.TIER, DEADLINE);
    for (int i = 0; i < 100; i++) {
      assertThat(
              guard.<String>ask(
                  () -> {
                    throw new TierBusyException("tier", "no connection became free", null);
                  },
                  "fallback"))
          .isEqualTo("fallback");
    }
    assertThat(guard.isClosed()).isTrue();
    assertThat(circuit()).isEmpty();
    assertThat(log.of(CacheEvent.Trouble.class)).hasSize(100);
    open(guard, this::failing);
  }

  @Test
  void threadsThatHangForGoodAreNotLostOnceTheyEnd() throws Exception {
    TierGuard guard = guard(DeadlineOwner.ENGINE, Duration.ofMillis(1));
    CountDownLatch letGo = new CountDownLatch(1);
    for (int i = 0; i < Circuits.MINIMUM_CALLS; i++) {
      guard.ask(
          () -> {
            boolean done = false;
            while (!done) {
              done = awaitQuietly(letGo); // Ignores interrupts.
            }
            return "answer";
          },
          "fallback");
    }
    assertThat(guard.isClosed()).isFalse();
    letGo.countDown();
    EngineFixture.await(
        "a probe is answered",
        () -> {
          guard.probe(this::answering);
          return guard.isClosed();
        });
  }

  private static String hang(CountDownLatch interrupted) {
    try {
      Thread.sleep(TimeUnit.MINUTES.toMillis(5));
      return "answer";
    } catch (InterruptedException e) {
      interrupted.countDown();
      throw new TierException("tier", "was interrupted", e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(2);
    } catch (InterruptedException e) {
      throw new TierException("tier", "was interrupted", e);
    }
  }

  private static boolean awaitQuietly(CountDownLatch latch) {
    try {
      return latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      return false;
    }
  }
}
