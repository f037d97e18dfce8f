package dev.reprise.engine;

import dev.reprise.model.Answer;
import dev.reprise.policy.UpstreamTemperature;

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
   * Calls the model at {@code temperature}. With {@link UpstreamTemperature#ZERO} the request sets
   * no temperature, and the model is to be asked at 0. The engine calls this method. Default:
   * {@link #call()}, so that the answer is that of the temperature the caller's own code sends.
   */
  default Answer call(UpstreamTemperature temperature) throws X {
    return call();
  }

  /**
   * Returns whether {@code failure}, which ended the call of an equal request that this one waited
   * for, ends this one, too. Where not, this one looks again and may make its own call. Default: it
   * does.
   */
  default boolean isEndedBy(Throwable failure) {
    return true;
  }
}
