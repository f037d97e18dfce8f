package dev.reprise.integration.internal;

import dev.reprise.model.CacheException;

/** A request has something that cannot be mapped into a key. It never reaches a caller. */
public final class UnmappableException extends CacheException {
  private static final long serialVersionUID = 1L;

  public UnmappableException(String message) {
    super(message);
  }

  /** An object of a class that the integration does not know. */
  public static UnmappableException unknown(String what, Object object) {
    return new UnmappableException(
        what + " of class " + object.getClass().getName() + " is not known to the cache");
  }
}
