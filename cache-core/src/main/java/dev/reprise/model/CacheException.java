package dev.reprise.model;

import org.jspecify.annotations.Nullable;

/**
 * The root of everything that the cache itself throws. The upstream's own exceptions are never
 * wrapped in one of these.
 */
public class CacheException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what went wrong and what to do about it
   */
  public CacheException(String message) {
    super(message);
  }

  /**
   * @param message what went wrong and what to do about it
   * @param cause what a library threw, or null where there is none
   */
  public CacheException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
