package dev.reprise.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.tier.Beginning;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When an answer began, by the clock of the server. */
class ServerClockTest {
  private static final long SECOND = 1_000_000;

  private final AtomicLong server = new AtomicLong(1_000_000 * SECOND);
  private final AtomicLong process = new AtomicLong(5);
  private final ServerClock clock = new ServerClock(server::get, process::get);

  private void pass(long seconds) {
    server.addAndGet(seconds * SECOND);
    process.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  @Test
  void theTimeGoesOnByTheClockOfTheProcess() {
    clock.ask();
    pass(3);
    assertThat(clock.now().server()).isEqualTo(server.get());
    pass(2);
    assertThat(clock.at(clock.now())).isEqualTo(server.get());
  }

  @Test
  void whatBeganBeforeTheServerWasAskedIsToldInItsTime() {
    Beginning unknown = clock.now();
    assertThat(unknown.server()).isEqualTo(Beginning.UNKNOWN);
    long began = server.get();
    pass(4);
    assertThat(clock.at(unknown)).isEqualTo(began);
  }

  @Test
  void aSlowAnswerDoesNotReplaceAQuickOne() {
    clock.ask();
    pass(1);
    server.addAndGet(-SECOND / 2);
    clock.ask();
    assertThat(clock.now().server()).isEqualTo(server.get() + SECOND / 2);
  }

  /** Another master's clock may be a minute behind: its stamps are, too. */
  @Test
  void anAnswerThatBeganBeforeTheClockWasSetBackIsNotTakenForALaterOne() {
    clock.ask();
    pass(1);
    Beginning before = clock.now();
    pass(2);
    server.addAndGet(-60 * SECOND);
    long stamp = clock.ask();
    pass(1);

    assertThat(clock.at(before)).isLessThan(stamp);
    assertThat(clock.at(clock.now())).isGreaterThan(stamp);
  }

  @Test
  void aClockThatWasSetForwardCountsAtOnce() {
    clock.ask();
    Beginning before = clock.now();
    pass(1);
    server.addAndGet(60 * SECOND);
    long stamp = clock.ask();
    pass(1);
    assertThat(clock.at(before)).isLessThan(stamp);
    assertThat(clock.at(clock.now())).isGreaterThan(stamp);
  }
}
