package dev.reprise.tier;

/** How a walk through the entries of a tier ended. */
public enum Scan {
  /** Every entry was shown that was there all the time. */
  COMPLETE,
  /** Who was shown the entries wanted no more of them. */
  STOPPED,
  /** The tier failed on the way: entries are missing. */
  BROKEN_OFF
}
