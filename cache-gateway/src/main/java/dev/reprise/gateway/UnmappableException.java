package dev.reprise.gateway;

import dev.reprise.model.Reason;

/** A request cannot be mapped into a key completely; it goes past the cache. */
final class UnmappableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason.Code code;

  /**
   * @param message what cannot be mapped; never the user's text
   */
  UnmappableException(String message) {
    this(Reason.Code.UNMAPPABLE, message);
  }

  /**
   * @param code why it is not cached
   * @param message what it is about; never the user's text
   */
  UnmappableException(Reason.Code code, String message) {
    super(message);
    this.code = code;
  }

  /** Returns why the request is not cached. */
  Reason reason() {
    return new Reason(code, String.valueOf(getMessage()));
  }
}
