package dev.reprise.engine;

/** What became of a removal. */
public sealed interface Removal {
  /** Returns how many entries were removed by now. */
  long count();

  /**
   * Every tier has removed what there was.
   *
   * @param count how many entries
   */
  record Done(long count) implements Removal {}

  /**
   * A tier did not answer. This engine does not serve the tier's entries, and removes them when the
   * tier answers again.
   *
   * @param count how many entries the other tiers removed
   * @param isDurable whether the removal survives a restart: see {@link
   *     CacheEngine.Builder#pendingRemovals}
   */
  record Pending(long count, boolean isDurable) implements Removal {}
}
