package dev.reprise.model;

/** How a request without a sampling temperature is handled. */
public enum UnsetTemperature {
  /**
   * The model is called at temperature 0, so that the cached answer is the most likely one. A model
   * that takes no temperature is called without one. Both answers are cached.
   */
  ZERO,
  /** The model is called at its own default temperature. The answer is cached. */
  AS_IS,
  /** The request bypasses the cache. */
  BYPASS
}
