package dev.reprise.tier;

import java.time.Duration;
import java.util.Map;

/**
 * Where each process that shares a tier shows a text to the others, for example what it counted.
 * Safe for use by several threads.
 */
public interface InstanceBoard {
  /** How many instances are shown at most: {@value}. */
  int MOST_INSTANCES = 200;

  /**
   * Shows {@code text} as that of {@code instance}, in place of the one before.
   *
   * @param instance its name
   * @param life it disappears after this time
   * @throws TierException if the server did not take it
   */
  void show(String instance, String text, Duration life);

  /** Takes the text of {@code instance} away. */
  void hide(String instance);

  /**
   * Returns what the instances show, by their names.
   *
   * @throws TierException if the server did not answer
   */
  Map<String, String> texts();
}
