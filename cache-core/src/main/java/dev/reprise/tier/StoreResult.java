package dev.reprise.tier;

/** Result of storing an entry in an exact tier. */
public enum StoreResult {
  /** The tier has the entry, or the entry has already expired. */
  STORED,
  /** One of the entry's tags was invalidated after its answer began to be made. */
  REFUSED,
  /** The tier did not answer. With two tiers: one of them did not. */
  UNAVAILABLE
}
