package dev.reprise.tier;

import java.time.Duration;

/**
 * An exact tier that can drop an entry before it expires: what can stand in front of a tier that
 * other processes share, whose invalidations do not reach this process.
 */
public interface NearTier extends ExactTier {
  /**
   * Stores an entry as {@link #store(Entry)} does, and drops it {@code maximumStay} later if it is
   * still there. The entry keeps its own expiry.
   *
   * @param maximumStay longer than zero
   */
  void store(Entry entry, Duration maximumStay);
}
