package dev.reprise.tier;

import org.jspecify.annotations.Nullable;

/**
 * A tier's server cannot be reached now, or is not ready yet. What is asked later may work without
 * anything being changed here; other {@link TierException}s say that something is set up wrongly.
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
