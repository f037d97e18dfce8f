package dev.reprise.engine;

/** What an application says of an answer that was served. */
public enum Feedback {
  /** It was the right one. */
  RIGHT,
  /** It was not; the same never happens again. */
  WRONG
}
