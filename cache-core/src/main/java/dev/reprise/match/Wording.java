package dev.reprise.match;

import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form in which a matcher compares questions. It may learn from answers, for example acronyms.
 * Safe for use by several threads.
 */
public interface Wording {
  /**
   * Returns the form of {@code question} that is embedded, both when its answer is stored and when
   * it is asked. Default: the question itself.
   *
   * @param scope whose question it is
   * @param question as the user wrote it
   * @return never blank
   */
  default String comparable(Scope scope, String question) {
    return question;
  }

  /**
   * Takes note of a question and its answer that have been stored. Default: nothing is learned.
   *
   * @param scope whose question it is
   */
  default void stored(Scope scope, String question, Answer answer) {}

  /**
   * Learns from a question and its answer that have been stored. Default: calls {@link #stored},
   * and returns nothing.
   *
   * @param scope whose question it is
   * @return what was learned and can be of use to the matchers of other processes: see {@link
   *     #learn}
   */
  default List<String> learnFrom(Scope scope, String question, Answer answer) {
    stored(scope, question, answer);
    return List.of();
  }

  /**
   * Learns from a question and its answer that have been stored, and knows what else the request
   * said: an answer may merely repeat it. Default: ignores the context.
   *
   * @param scope whose question it is
   * @param context the other texts of the request, cut at 20,000 characters; null if they are not
   *     known, for example for an imported entry
   * @return as of {@link #learnFrom(Scope, String, Answer)}
   */
  default List<String> learnFrom(
      Scope scope, String question, Answer answer, @Nullable String context) {
    return learnFrom(scope, question, answer);
  }

  /**
   * Takes over a record that {@code learnFrom} returned in another process. Taking it twice changes
   * nothing. Default: nothing is learned.
   */
  default void learn(String record) {}

  /** Returns the wording that leaves each question as the user wrote it, and learns nothing. */
  static Wording asWritten() {
    return AsWritten.INSTANCE;
  }
}
