package dev.reprise.engine;

import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import java.util.Optional;

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

  /**
   * Returns an answer that consists of {@code text}, in the format of {@code request}: the form in
   * which a curated answer is served. Default: in {@link Answer#TEXT_FORMAT}, and empty for any
   * other format, for which no curated answer is served then.
   */
  default Optional<Answer> write(CacheRequest request, String text) {
    return request.answerFormat().equals(Answer.TEXT_FORMAT)
        ? Optional.of(Answer.ofText(text))
        : Optional.empty();
  }

  /** Takes every answer for readable. */
  static AnswerReader any() {
    return answer -> {};
  }
}
