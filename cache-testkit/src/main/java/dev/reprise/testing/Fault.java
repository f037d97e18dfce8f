package dev.reprise.testing;

/** The fault of a faulty tier. */
public enum Fault {
  /** Nothing: it does what the tier behind it does. */
  NONE,
  /** It finds nothing, and stores all the same. */
  EMPTY,
  /** It answers {@link FaultyExactTier#SLEEP} later. */
  SLOW,
  /** It throws an exception. */
  THROWS,
  /** It throws an error. */
  DIES,
  /** It answers null. */
  NULL,
  /** It finds what was not asked for: another key's entry, another fingerprint's row. */
  WRONG,
  /** It finds what is out of date: an expired entry, a row whose entry is gone. */
  STALE
}
