package dev.reprise.integration.internal;

import dev.reprise.model.CacheException;
import dev.reprise.model.Reason;

/**
 * A part of a request cannot be mapped into a key, so the request bypasses the cache. No caller
 * sees this exception.
 */
public final class UnmappableException extends CacheException {
  private static final long serialVersionUID = 1L;

  private final Reason.Code code;

  /**
   * @param message what cannot be mapped; never the user's text
   */
  public UnmappableException(String message) {
    this(Reason.Code.UNMAPPABLE, message);
  }

  /**
   * @param code why the request is not cached
   * @param message what cannot be mapped; never the user's text
   */
  public UnmappableException(Reason.Code code, String message) {
    super(message);
    this.code = code;
  }

  /** Returns an exception for an object of a class that the integration does not know. */
  public static UnmappableException unknown(String what, Object object) {
    return new UnmappableException(
        what + " of class " + object.getClass().getName() + " is not known to the cache");
  }

  /** Returns why the request is not cached. */
  public Reason reason() {
    return new Reason(code, String.valueOf(getMessage()));
  }
}
