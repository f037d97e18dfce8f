package dev.reprise.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until the test advances it. Safe for use by several threads. */
public final class FakeClock implements InstantSource {
  /** Where {@link #FakeClock()} starts: no whole second, so that lost digits show. */
  public static final Instant START = Instant.parse("2026-01-02T03:04:05.678Z");

  private final AtomicReference<Instant> now;

  /** Starts at {@link #START}. */
  public FakeClock() {
    this(START);
  }

  /** Starts at {@code start}. */
  public FakeClock(Instant start) {
    now = new AtomicReference<>(start);
  }

  /** Returns the current time of the clock. */
  public Instant now() {
    return now.get();
  }

  @Override
  public Instant instant() {
    return now();
  }

  /** Moves it on by {@code step}; a negative one moves it back, as an operating system may. */
  public void advance(Duration step) {
    now.updateAndGet(instant -> instant.plus(step));
  }
}
