package dev.reprise.gateway.request;

import dev.reprise.model.Reason;

/** A request cannot be mapped into a key completely; it goes past the cache. */
public final class UnmappableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason.Code code;

  /**
   * @param message what cannot be mapped; never the user's text
   */
  public UnmappableException(String message) {
    this(Reason.Code.UNMAPPABLE, message);
  }

  /**
   * @param code why it is not cached
   * @param message what it is about; never the user's text
   */
  public UnmappableException(Reason.Code code, String message) {
    super(message);
    this.code = code;
  }

  /** Returns why the request is not cached. */
  public Reason reason() {
    return new Reason(code, String.valueOf(getMessage()));
  }
}
