package dev.reprise.engine;

import dev.reprise.model.Answer;
import java.util.Objects;

/**
 * Calls the model if the cache has no answer.
 *
 * @param <X> the exception it may throw; it reaches the caller unchanged
 */
@FunctionalInterface
public interface AnswerSupplier<X extends Exception> {
  /**
   * Calls the model, on the caller's thread, under no lock; where hits are {@linkplain
   * dev.reprise.learn.Learning#checked checked}, also on a thread of the engine.
   */
  Answer get() throws X;

  /** Returns an upstream whose own form of a reply is the answer. */
  default Upstream<Answer, X> asUpstream() {
    return () -> {
      Answer answer = Objects.requireNonNull(get(), "the supplier returned null");
      return new Reply<>(answer, answer);
    };
  }
}
