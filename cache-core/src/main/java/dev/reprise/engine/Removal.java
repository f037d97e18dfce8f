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
   * A tier did not answer. What it holds is not served by this engine, and is removed when the tier
   * answers again.
   *
   * @param count how many entries the other tiers removed
   * @param isDurable whether it is also done by an engine that starts after this one has ended: see
   *     {@link CacheEngine.Builder#pendingRemovals}
   */
  record Pending(long count, boolean isDurable) implements Removal {}
}
