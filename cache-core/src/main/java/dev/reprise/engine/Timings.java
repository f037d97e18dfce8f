package dev.reprise.engine;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Where the time of one request went.
 *
 * @param stages the stages that were gone through; the others are absent
 * @param total from the call to the answer
 */
public record Timings(Map<Stage, Duration> stages, Duration total) {
  public Timings {
    EnumMap<Stage, Duration> copy = new EnumMap<>(Stage.class);
    copy.putAll(stages);
    stages = Collections.unmodifiableMap(copy);
  }

  /** Returns the time of {@code stage}; zero if it was not gone through. */
  public Duration of(Stage stage) {
    return stages.getOrDefault(stage, Duration.ZERO);
  }

  /**
   * Returns the cache's own time: the total without the upstream call and without the wait for an
   * equal call.
   */
  public Duration overhead() {
    return total.minus(of(Stage.UPSTREAM)).minus(of(Stage.WAIT));
  }
}
