package dev.reprise.gateway;

/** A request cannot be mapped into a key completely; it goes past the cache. */
final class UnmappableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what cannot be mapped; never the user's text
   */
  UnmappableException(String message) {
    super(message);
  }
}
