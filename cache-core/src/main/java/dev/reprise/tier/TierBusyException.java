package dev.reprise.tier;

import org.jspecify.annotations.Nullable;

/**
 * This process has too many calls to a tier in flight, and no free thread or connection. The server
 * may be healthy, so no circuit opens. The engine stores the answer later, within a bound.
 */
public final class TierBusyException extends TierException {
  private static final long serialVersionUID = 1L;

  /**
   * @param tier the tier's name
   * @param message what there was too little of, and what to do about it
   * @param cause what a library threw, or null where there is none
   */
  public TierBusyException(String tier, String message, @Nullable Throwable cause) {
    super(tier, message, cause);
  }
}
