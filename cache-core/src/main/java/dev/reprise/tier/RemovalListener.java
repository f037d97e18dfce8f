package dev.reprise.tier;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Tag;

/**
 * Is told what other processes remove from a tier that they share, so that no copy in this process
 * outlives it. Called on a thread of the tier's; returns soon.
 */
public interface RemovalListener {
  /** Another process removed an entry. */
  void removed(ExactKey key);

  /** Another process removed every entry with {@code tag}. */
  void invalidated(Tag tag);

  /**
   * Nothing was heard of the others for too long: they may have removed anything. Copies are not
   * served from now on.
   */
  void apart();

  /**
   * Removals are told from now on, and may have been missed until now: copies that were made before
   * are dropped. It is the first thing that a listener hears where the tier can be reached.
   */
  void together();
}
