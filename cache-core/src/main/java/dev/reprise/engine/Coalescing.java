package dev.reprise.engine;

/** Which equal requests in flight share one call of the upstream. */
public enum Coalescing {
  /** Those of this engine. */
  IN_PROCESS,
  /**
   * Those of all engines that share the exact tier. The tier must be able to do so: {@link
   * dev.reprise.tier.ExactTier#sharedFlights}. Otherwise those of this engine. A request that waits
   * for another engine gets the answer once it is complete and stored. So does a stream.
   */
  ACROSS_INSTANCES
}
