package dev.reprise.engine;

import dev.reprise.model.Reason;

/**
 * Takes a stream. Its methods are called one at a time, on the threads of the upstream or of the
 * engine; what they throw is logged and otherwise ignored. Exactly one of {@link #onWhole}, {@link
 * #onComplete}, {@link #onUnsatisfied} and {@link #onError} ends it, none if it was cancelled.
 *
 * @param <C> the integration's type of chunk
 */
public interface StreamSubscriber<C> {
  /**
   * Learns, before anything else, that the request goes past the cache: what comes is the
   * upstream's. Default: it does not matter.
   */
  default void onBypass(Reason reason) {}

  /**
   * Learns, before the first chunk, what live mode would have done with this request of shadow
   * mode. Default: it does not matter.
   */
  default void onShadow(Outcome.Shadow shadow) {}

  /** Takes an answer that is there as a whole, to be replayed as a stream. No chunk came before. */
  void onWhole(Outcome.Answered outcome);

  /**
   * Takes the next chunk.
   *
   * @param subscription cancels it
   */
  void onChunk(C chunk, Subscription subscription);

  /** Takes the end, after all chunks. */
  void onComplete(Outcome.Answered outcome);

  /** Learns that a cached answer was asked for and there is none. */
  void onUnsatisfied(Outcome.Unsatisfied outcome);

  /** Takes the upstream's failure, perhaps after chunks. */
  void onError(Throwable cause);

  /** Cancels one subscriber's stream. The upstream is stopped when nobody else listens to it. */
  interface Subscription {
    /** Cancels; no method of the subscriber is called any more, but one that runs already. */
    void cancel();

    /** Returns whether it was cancelled. */
    boolean isCancelled();
  }
}
