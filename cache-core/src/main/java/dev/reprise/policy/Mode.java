package dev.reprise.policy;

/** Whether the cache serves the answers that it finds. */
public enum Mode {
  /** Hits are served. */
  LIVE,
  /**
   * No hit is served: every request goes to the upstream. The cache looks up and stores as in
   * {@link #LIVE}, records what it would have served, and compares that with the fresh answer.
   */
  SHADOW,
  /** The cache is not asked: every request is a bypass. */
  OFF
}
