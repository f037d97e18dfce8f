package dev.reprise.springai;

import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Reason;

/** What became of a Spring AI prompt. */
sealed interface Mapping {
  /** All of it is in the request. */
  record Mapped(CacheRequest request) implements Mapping {}

  /**
   * Something of it cannot be mapped: it must bypass the cache.
   *
   * @param reason what
   * @param control what the caller asks of the cache all the same
   */
  record Unmapped(Reason reason, CacheControl control) implements Mapping {}
}
