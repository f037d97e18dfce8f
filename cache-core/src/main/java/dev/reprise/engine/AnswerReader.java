package dev.reprise.engine;

import dev.reprise.model.Answer;

/**
 * Decodes a stored answer before it is served. An answer that cannot be decoded is a miss. Called
 * on the threads of the engine and of the caller, for one answer at a time.
 */
@FunctionalInterface
public interface AnswerReader {
  /**
   * Reads {@code answer}.
   *
   * @throws RuntimeException if it cannot be read
   */
  void read(Answer answer);

  /** Takes every answer for readable. */
  static AnswerReader any() {
    return answer -> {};
  }
}
