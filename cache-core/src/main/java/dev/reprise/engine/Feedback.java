package dev.reprise.engine;

/** An application's judgement of a served answer. */
public enum Feedback {
  /** The answer was right. */
  RIGHT,
  /** The answer was wrong. It is never served for that question again. */
  WRONG
}
