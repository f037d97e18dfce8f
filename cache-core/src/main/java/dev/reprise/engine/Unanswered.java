package dev.reprise.engine;

/**
 * Counts, for each thread, the calls that a tier did not answer. It tells "there is none" from
 * "nobody knows", which look the same to who asks a guarded tier.
 */
final class Unanswered {
  private final ThreadLocal<int[]> counts = ThreadLocal.withInitial(() -> new int[1]);

  /** Returns how many there were on this thread. */
  int count() {
    return counts.get()[0];
  }

  /** Counts one on this thread. */
  void add() {
    counts.get()[0]++;
  }
}
