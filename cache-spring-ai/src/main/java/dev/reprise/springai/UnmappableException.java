package dev.reprise.springai;

import dev.reprise.model.CacheException;

/** A request has something that cannot be mapped into a key. It never leaves this package. */
final class UnmappableException extends CacheException {
  private static final long serialVersionUID = 1L;

  UnmappableException(String message) {
    super(message);
  }

  /** An object of a class that is not known here. */
  static UnmappableException unknown(String what, Object object) {
    return new UnmappableException(
        what + " of class " + object.getClass().getName() + " is not known to the cache");
  }
}
