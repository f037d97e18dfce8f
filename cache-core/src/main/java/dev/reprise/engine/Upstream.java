package dev.reprise.engine;

import dev.reprise.model.Answer;

/**
 * What is called where the cache has no answer.
 *
 * @param <X> what it may throw; it reaches the caller as it is
 */
@FunctionalInterface
public interface Upstream<X extends Exception> {
  /**
   * Calls the model, on the caller's thread, under no lock; where hits are {@linkplain
   * dev.reprise.learn.Learning#checked checked}, also on a thread of the engine.
   */
  Answer call() throws X;

  /**
   * Returns whether {@code failure}, which ended the call of an equal request that this one waited
   * for, ends this one, too. Where not, this one looks again and may make its own call. Default: it
   * does.
   */
  default boolean isEndedBy(Throwable failure) {
    return true;
  }
}
