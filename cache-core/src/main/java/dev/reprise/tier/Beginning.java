package dev.reprise.tier;

/**
 * The moment at which the upstream call for an answer began: see {@link ExactTier#begin()}.
 *
 * @param nanoseconds the clock of this process at that moment, as {@link System#nanoTime} counts
 * @param server the clock of the tier's server at that moment, in microseconds since 1970, or
 *     somewhat before it; {@value #UNKNOWN} where the tier has no server, or did not hear from it
 *     yet
 */
public record Beginning(long nanoseconds, long server) {
  /** The server's clock is not known: {@value}. */
  public static final long UNKNOWN = -1;

  /** The beginning that an unshared tier returns. */
  public static final Beginning LOCAL = new Beginning(0, UNKNOWN);
}
