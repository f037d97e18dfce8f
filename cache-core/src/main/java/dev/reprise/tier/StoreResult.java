package dev.reprise.tier;

/** What became of an entry that was given to an exact tier. */
public enum Taken {
  /** The tier has it, or need not keep it: it is expired. */
  STORED,
  /** One of its tags was invalidated since it began to be made. */
  REFUSED,
  /** The tier did not answer; where there are two, one of them. */
  SILENT
}
