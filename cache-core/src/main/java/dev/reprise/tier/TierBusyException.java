package dev.reprise.tier;

import org.jspecify.annotations.Nullable;

/**
 * This process has too many calls of a tier under way: the call found no free thread or connection
 * of ours. It says nothing about the server, so it opens no circuit. An answer that could not be
 * stored for it is stored later, within a bound.
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
