package dev.reprise.engine;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Tells where the time of one request goes. Used by one thread at a time. */
final class Stopwatch {
  private final LongSupplier nanoseconds;
  private final long start;
  private final Map<Stage, Duration> stages = new EnumMap<>(Stage.class);
  private long lap;

  Stopwatch(LongSupplier nanoseconds) {
    this.nanoseconds = nanoseconds;
    this.start = nanoseconds.getAsLong();
    this.lap = start;
  }

  /** Adds the time since the last lap to {@code stage}, and returns it. */
  synchronized Duration lap(Stage stage) {
    long now = nanoseconds.getAsLong();
    Duration time = Duration.ofNanos(now - lap);
    lap = now;
    stages.merge(stage, time, Duration::plus);
    return time;
  }

  synchronized Timings timings() {
    return new Timings(stages, Duration.ofNanos(nanoseconds.getAsLong() - start));
  }
}
