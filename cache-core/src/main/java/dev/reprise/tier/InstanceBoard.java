package dev.reprise.tier;

import java.time.Duration;
import java.util.Map;

/**
 * A board on which each process that shares a tier publishes one text, for example its counters.
 * Safe for use by several threads.
 */
public interface InstanceBoard {
  /** The most instances that are returned: {@value}. */
  int MOST_INSTANCES = 200;

  /**
   * Publishes the text of {@code instance}, replacing its previous one.
   *
   * @param instance the name of the process
   * @param life the text disappears after this time
   * @throws TierException if the server did not store it
   */
  void show(String instance, String text, Duration life);

  /** Removes the text of {@code instance}. */
  void hide(String instance);

  /**
   * Returns the published texts, by the name of the instance.
   *
   * @throws TierException if the server did not answer
   */
  Map<String, String> texts();
}
