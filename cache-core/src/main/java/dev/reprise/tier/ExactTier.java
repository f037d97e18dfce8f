package dev.reprise.tier;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Tag;
import java.util.Optional;

/**
 * Holds answers under their exact keys. Owns payload, expiry and invalidation. Safe for use by
 * several threads.
 *
 * <p>Every method but {@link #name}, {@link #deadlineOwner} and {@link #close} may throw {@link
 * TierException}; the engine turns it into a miss. An implementation passes {@code
 * ExactTierContract}.
 */
public interface ExactTier extends AutoCloseable {

  /** Returns what events and counters call it: "memory", "redis". */
  String name();

  /** Returns who ends a call that takes too long. */
  default DeadlineOwner deadlineOwner() {
    return DeadlineOwner.ENGINE;
  }

  /**
   * Fetches an entry. An expired one, one of another schema version and one that cannot be read are
   * absent.
   */
  Optional<Fetched> fetch(ExactKey key);

  /**
   * Stores an entry until it expires, in place of the one with the same key. An expired one is not
   * stored.
   */
  void store(Entry entry);

  /** Removes an entry. Returns whether there was one. */
  boolean remove(ExactKey key);

  /**
   * Removes every entry that has {@code tag}, without looking at the others. Returns how many there
   * were.
   */
  long invalidate(Tag tag);

  /** Gives up threads and connections. Entries in the process are lost. */
  @Override
  void close();

  /**
   * An entry and where it was.
   *
   * @param entry not expired
   * @param tier the name of the tier that held it
   */
  record Fetched(Entry entry, String tier) {}

  /**
   * Returns a tier that looks into {@code near} first and then into {@code far}. What {@code far}
   * holds is copied to {@code near} with the same expiry, so that it never lives longer there; it
   * is stored in {@code far} before {@code near}, and removed from both.
   */
  static ExactTier stacked(ExactTier near, ExactTier far) {
    return new StackedExactTier(near, far);
  }
}
