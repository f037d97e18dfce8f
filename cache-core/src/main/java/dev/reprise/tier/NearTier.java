package dev.reprise.tier;

import dev.reprise.key.ExactKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An exact tier that can drop an entry before it expires: what can stand in front of a tier that
 * other processes share.
 */
public interface NearTier extends ExactTier {
  /**
   * Stores an entry as {@link #store(Entry)} does, and drops it {@code maximumStay} later if it is
   * still there. The entry keeps its own expiry.
   *
   * @param maximumStay longer than zero
   */
  void store(Entry entry, Duration maximumStay);

  /** Drops every entry. Default: removes one after the other. */
  default void clear() {
    List<ExactKey> keys = new ArrayList<>();
    scan(entry -> keys.add(entry.key()));
    keys.forEach(this::remove);
  }

  /**
   * Stores an entry like {@link #store(Entry, Duration)}, and returns whether the tier answered.
   * Default: {@link StoreResult#STORED}, for a tier that throws if it does not answer.
   */
  default StoreResult tryStore(Entry entry, Duration maximumStay) {
    store(entry, maximumStay);
    return StoreResult.STORED;
  }
}
