package dev.reprise.engine;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Tells where the time of one request goes. Used by one thread at a time. */
final class Stopwatch {
  private static final int STAGES = Stage.values().length;

  private final LongSupplier nanoseconds;
  private final long start;
  private final @Nullable Stage[] stages = new Stage[STAGES];
  private final long[] times = new long[STAGES];
  private int count;
  private long lap;

  Stopwatch(LongSupplier nanoseconds) {
    this.nanoseconds = nanoseconds;
    this.start = nanoseconds.getAsLong();
    this.lap = start;
  }

  /** Adds the time since the last lap to {@code stage}, and returns it. */
  synchronized Duration lap(Stage stage) {
    long now = nanoseconds.getAsLong();
    long time = now - lap;
    lap = now;
    int i = 0;
    while (i < count && stages[i] != stage) {
      i++;
    }
    if (i == count) {
      stages[count++] = stage;
    }
    times[i] += time;
    return Duration.ofNanos(time);
  }

  synchronized Timings timings() {
    Map<Stage, Duration> known = new EnumMap<>(Stage.class);
    for (int i = 0; i < count; i++) {
      Stage stage = stages[i];
      if (stage != null) {
        known.put(stage, Duration.ofNanos(times[i]));
      }
    }
    return new Timings(known, Duration.ofNanos(nanoseconds.getAsLong() - start));
  }
}
