package dev.reprise.engine;

import dev.reprise.model.Answer;
import dev.reprise.policy.UpstreamTemperature;

/**
 * Calls the model for a streamed request if the cache has no answer.
 *
 * @param <C> the integration's type of chunk; the engine only passes it on
 */
@FunctionalInterface
public interface StreamingUpstream<C> {
  /**
   * Starts the stream. It may return at once and give chunks on any thread, one at a time, ending
   * with exactly one of {@link Sink#complete} and {@link Sink#fail}. Throwing is failing.
   */
  void start(Sink<C> sink);

  /**
   * Starts the stream at {@code temperature}. With {@link UpstreamTemperature#ZERO} the request
   * sets no temperature, and the model is to be asked at 0. The engine calls this method. Default:
   * {@link #start(Sink)}, so that the answer is that of the temperature the caller's own code
   * sends.
   */
  default void start(Sink<C> sink, UpstreamTemperature temperature) {
    start(sink);
  }

  /**
   * Returns whether {@code failure}, which ended a shared call, also ends this request. It is asked
   * only before the first chunk. If false, this request looks up again and may make its own call.
   * Default: true.
   */
  default boolean isEndedBy(Throwable failure) {
    return true;
  }

  /**
   * Receives the upstream's chunks.
   *
   * @param <C> the integration's type of chunk
   */
  interface Sink<C> {
    /** Tells how the upstream can be stopped, as soon as that is known. */
    void cancelWith(Runnable cancel);

    /** Takes the next chunk. */
    void next(C chunk);

    /** Takes the end: all chunks together. */
    void complete(Answer answer);

    /** Takes a failure. */
    void fail(Throwable cause);
  }
}
