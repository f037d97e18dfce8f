package dev.reprise.engine;

import dev.reprise.model.Reason;

/**
 * Receives a stream. Its methods are called one at a time, on threads of the upstream or of the
 * engine. An exception is logged and otherwise ignored. Exactly one of {@link #onWhole}, {@link
 * #onComplete}, {@link #onUnsatisfied} and {@link #onError} ends it, none if it was cancelled.
 *
 * @param <C> the integration's type of chunk
 */
public interface StreamSubscriber<C> {
  /**
   * Called first where the request bypasses the cache. All chunks come from the upstream. Default:
   * does nothing.
   */
  default void onBypass(Reason reason) {}

  /**
   * In shadow mode, called before the first chunk with what live mode would have done. Default:
   * does nothing.
   */
  default void onShadow(Outcome.Shadow shadow) {}

  /** Receives a whole answer, to be replayed as a stream. No chunk comes before it. */
  void onWhole(Outcome.Answered outcome);

  /**
   * Receives the next chunk.
   *
   * @param subscription cancels the stream
   */
  void onChunk(C chunk, Subscription subscription);

  /** Receives the end, after all chunks. */
  void onComplete(Outcome.Answered outcome);

  /** Called where the caller asked for a cached answer only and none is cached. */
  void onUnsatisfied(Outcome.Unsatisfied outcome);

  /** Receives the upstream's failure, possibly after chunks. */
  void onError(Throwable cause);

  /** Cancels one subscriber's stream. The upstream is stopped when no subscriber is left. */
  interface Subscription {
    /** Cancels the stream. No further subscriber method is called. A running one completes. */
    void cancel();

    /** Returns whether it was cancelled. */
    boolean isCancelled();
  }
}
