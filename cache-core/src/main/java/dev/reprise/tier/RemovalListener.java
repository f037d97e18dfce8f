package dev.reprise.tier;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Tag;

/**
 * Receives the removals that other processes make in a shared tier, so that this process can drop
 * its copies. It is called on a thread of the tier and must return quickly.
 */
public interface RemovalListener {
  /** Another process removed an entry. */
  void removed(ExactKey key);

  /** Another process removed every entry with {@code tag}. */
  void invalidated(Tag tag);

  /**
   * The connection to the other processes is lost, so removals may be missed. Do not serve copies
   * from now on.
   */
  void apart();

  /**
   * Removals arrive from now on, and earlier ones may have been missed. Drop all copies made
   * before. This is the first call where the tier can be reached.
   */
  void together();
}
