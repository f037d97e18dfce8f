package dev.reprise.tier;

import org.jspecify.annotations.Nullable;

/**
 * A tier's server cannot be reached, or is not ready yet. A later call may succeed without any
 * change. Other {@link TierException}s indicate a wrong configuration.
 */
public final class TierUnreachableException extends TierException {
  private static final long serialVersionUID = 1L;

  /**
   * @param tier the tier's name
   * @param message what went wrong and what to do about it
   * @param cause what a library threw, or null where there is none
   */
  public TierUnreachableException(String tier, String message, @Nullable Throwable cause) {
    super(tier, message, cause);
  }
}
