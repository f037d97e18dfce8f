package dev.reprise.engine;

/** A stage of a lookup whose time is measured. */
public enum Stage {
  /** Deriving the keys and asking the policy. */
  KEY,
  /** Asking the exact tier. */
  EXACT,
  /** Waiting for an equal call that was under way. */
  WAIT,
  /** Embedding the question. */
  EMBED,
  /** Asking the semantic tier. */
  SEARCH,
  /** Fetching candidates from the exact tier and asking the matcher. */
  MATCH,
  /** Calling the upstream. */
  UPSTREAM,
  /** Storing the fresh answer in the exact tier. */
  STORE
}
