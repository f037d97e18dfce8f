package dev.reprise.tier;

import dev.reprise.model.CacheException;
import org.jspecify.annotations.Nullable;

/** A tier failed to do an operation. The engine turns it into a miss, an event and a counter. */
public class TierException extends CacheException {
  private static final long serialVersionUID = 1L;

  private final String tier;

  /**
   * @param tier the tier's name
   * @param message what went wrong and what to do about it
   */
  public TierException(String tier, String message) {
    this(tier, message, null);
  }

  /**
   * @param tier the tier's name
   * @param message what went wrong and what to do about it
   * @param cause what a library threw, or null where there is none
   */
  public TierException(String tier, String message, @Nullable Throwable cause) {
    super("tier " + tier + ": " + message, cause);
    this.tier = tier;
  }

  /** Returns the tier's name. */
  public String tier() {
    return tier;
  }
}
