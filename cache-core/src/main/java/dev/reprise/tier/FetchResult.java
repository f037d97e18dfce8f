package dev.reprise.tier;

import java.util.Objects;
import java.util.Optional;

/** What came of a look into an exact tier: "there is none" is not "nobody knows". */
public sealed interface Look {
  /**
   * There is one.
   *
   * @param fetched the entry and where it was
   */
  record Found(ExactTier.Fetched fetched) implements Look {
    /**
     * @throws NullPointerException if there is nothing
     */
    public Found {
      Objects.requireNonNull(fetched, "fetched");
    }
  }

  /** There is no such entry. */
  record Absent() implements Look {}

  /** The tier did not answer. */
  record Silent() implements Look {}

  /** Returns what a tier that answered fetched. */
  static Look of(Optional<ExactTier.Fetched> fetched) {
    return fetched.isPresent() ? new Found(fetched.get()) : new Absent();
  }

  /** Returns the entry and where it was, where there is one. */
  default Optional<ExactTier.Fetched> asOptional() {
    return this instanceof Found found ? Optional.of(found.fetched()) : Optional.empty();
  }

  /** Returns whether the tier did not answer. */
  default boolean isSilent() {
    return this instanceof Silent;
  }
}
