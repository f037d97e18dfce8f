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
}
