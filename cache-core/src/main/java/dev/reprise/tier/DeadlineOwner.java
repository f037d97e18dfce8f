package dev.reprise.tier;

/** Who ends a tier's call that takes too long. */
public enum DeadlineOwner {
  /**
   * The tier does: it does no I/O, or its client has a time-out of its own that it was built with.
   * It is called on the caller's thread.
   */
  TIER,
  /**
   * The engine does: it calls the tier on a thread of its own and stops waiting at the deadline.
   */
  ENGINE
}
