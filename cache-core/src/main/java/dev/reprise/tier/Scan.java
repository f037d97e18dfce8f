package dev.reprise.tier;

/** How a walk through the entries of a tier ended. */
public enum Scan {
  /** The visitor received every entry that was there during the whole walk. */
  COMPLETE,
  /** The visitor stopped the walk. */
  STOPPED,
  /** The tier failed during the walk, so entries are missing. */
  BROKEN_OFF
}
