package dev.reprise.tier;

import org.jspecify.annotations.Nullable;

/**
 * A tier has no room for what is to be stored: its disk or its memory is full. It still reads and
 * removes, so no circuit opens. The engine stores the answer later, within a bound.
 */
public final class TierFullException extends TierException {
  private static final long serialVersionUID = 1L;

  /**
   * @param tier the tier's name
   * @param message what is full, and what to do about it
   * @param cause what a library threw, or null where there is none
   */
  public TierFullException(String tier, String message, @Nullable Throwable cause) {
    super(tier, message, cause);
  }
}
