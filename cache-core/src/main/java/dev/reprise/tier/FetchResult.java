package dev.reprise.tier;

import java.util.Objects;
import java.util.Optional;

/** Result of fetching an entry from an exact tier. "Absent" is not "unavailable". */
public sealed interface FetchResult {
  /**
   * The tier has the entry.
   *
   * @param fetched the entry and its tier
   */
  record Found(ExactTier.Fetched fetched) implements FetchResult {
    /**
     * @throws NullPointerException if {@code fetched} is null
     */
    public Found {
      Objects.requireNonNull(fetched, "fetched");
    }
  }

  /** The tier answered and has no such entry. */
  record Absent() implements FetchResult {}

  /** The tier did not answer. */
  record Unavailable() implements FetchResult {}

  /** Returns the result of a tier that answered. */
  static FetchResult of(Optional<ExactTier.Fetched> fetched) {
    return fetched.isPresent() ? new Found(fetched.get()) : new Absent();
  }

  /** Returns the entry and its tier; empty unless {@link Found}. */
  default Optional<ExactTier.Fetched> asOptional() {
    return this instanceof Found found ? Optional.of(found.fetched()) : Optional.empty();
  }

  /** Returns whether the tier did not answer. */
  default boolean isUnavailable() {
    return this instanceof Unavailable;
  }
}
