package dev.reprise.key.internal;

import dev.reprise.model.CacheException;

/** A request that has no canonical form: it must bypass the cache. */
public final class UncanonicalException extends CacheException {
  private static final long serialVersionUID = 1L;

  UncanonicalException(String message) {
    super(message);
  }
}
