package dev.reprise.engine;

import dev.reprise.policy.UpstreamTemperature;

/**
 * Calls the model if the cache has no answer. Integrations implement it. An application passes an
 * {@link AnswerSupplier}.
 *
 * <p>{@link #call} must return all results and write to no field. To {@linkplain
 * dev.reprise.learn.Learning#checked check} a hit, the engine calls it on another thread, perhaps
 * after the request was answered. For the same reason it must not read objects that live only as
 * long as the request.
 *
 * @param <R> the integration's own form of a reply
 * @param <X> the exception it may throw; it reaches the caller unchanged
 */
@FunctionalInterface
public interface Upstream<R, X extends Exception> {
  /**
   * Calls the model, under no lock: on the caller's thread, or on a thread of the engine for a
   * check in the background.
   */
  Reply<R> call() throws X;

  /**
   * Calls the model at {@code temperature}. With {@link UpstreamTemperature#ZERO} the request sets
   * no temperature, and the model is to be asked at 0. The engine calls this method. Default:
   * {@link #call()}, so that the answer is that of the temperature the caller's own code sends.
   */
  default Reply<R> call(UpstreamTemperature temperature) throws X {
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
