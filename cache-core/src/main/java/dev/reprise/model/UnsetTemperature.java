package dev.reprise.model;

/** What is done with a request that sets no sampling temperature. */
public enum UnsetTemperature {
  /**
   * The model is asked at temperature 0, so that the cached answer is the most likely one. A model
   * that takes no temperature is asked as it is. Both are cached.
   */
  ZERO,
  /** The model is asked as it is, at its own default temperature. The answer is cached. */
  AS_IS,
  /** The request bypasses the cache. */
  BYPASS
}
