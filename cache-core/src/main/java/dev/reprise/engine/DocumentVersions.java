package dev.reprise.engine;

import dev.reprise.model.Document;

/**
 * Tells whether a document that a cached answer was made from still has that version. Asked at each
 * hit whose answer depends on documents; if it throws, the hit is a miss. Safe for use by several
 * threads; it should answer from memory.
 */
@FunctionalInterface
public interface DocumentVersions {
  /**
   * Returns whether {@code document} is the current version of the document with its identifier.
   */
  boolean isCurrent(Document document);

  /** Holds every version for current: documents are invalidated by their tag only. */
  static DocumentVersions allCurrent() {
    return document -> true;
  }
}
