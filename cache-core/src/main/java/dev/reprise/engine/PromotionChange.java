package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import dev.reprise.model.ContentHash;
import dev.reprise.model.Tag;

/** What a {@link Promotion} learned of one entry, here or in another process. */
sealed interface PromotionChange {
  /** Returns the key of the entry. */
  ExactKey entry();

  /**
   * A contributor asked the same as the entry answers.
   *
   * @param contributor the contributor's tag
   */
  record Asked(ExactKey entry, Tag contributor) implements PromotionChange {}

  /**
   * An administrator or a judge approved the entry's answer.
   *
   * @param answer the hash of the approved answer: another answer under the same key needs another
   *     approval
   */
  record Approved(ExactKey entry, ContentHash answer) implements PromotionChange {}

  /** The entry's answer was reported as wrong: it has to be promoted anew. */
  record Withdrawn(ExactKey entry) implements PromotionChange {}
}
