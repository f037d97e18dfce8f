package dev.reprise.engine;

/** Which equal requests that are under way at the same time share one call of the upstream. */
public enum Coalescing {
  /** Those of this engine. */
  IN_PROCESS,
  /**
   * Those of all engines that share the exact tier, where the tier can do so ({@link
   * dev.reprise.tier.ExactTier#sharedFlights}); otherwise those of this engine. A request that
   * waits for another engine gets the answer when it is complete and stored, a stream as well.
   */
  ACROSS_INSTANCES
}
