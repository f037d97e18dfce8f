package dev.reprise.engine;

import dev.reprise.model.Reason;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands a stream to its subscriber, and its end to the engine as well: once, whatever it is.
 *
 * @param <C> the integration's own kind of chunk
 */
final class StreamOutlet<C> {
  private static final Logger LOG = LoggerFactory.getLogger(StreamCall.class);

  private final StreamSubscriber.Subscription subscription;
  private final StreamSubscriber<C> subscriber;
  private final End engine;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile boolean cancelled;

  /** The engine's side of a stream, which reports how it ended. */
  @FunctionalInterface
  interface End {
    /** Called once. */
    void ended(CacheEvent.Terminal event);
  }

  StreamOutlet(
      StreamSubscriber.Subscription subscription, StreamSubscriber<C> subscriber, End engine) {
    this.subscription = subscription;
    this.subscriber = subscriber;
    this.engine = engine;
  }

  boolean hasEnded() {
    return ended.get();
  }

  boolean isCancelled() {
    return cancelled;
  }

  void bypass(Reason reason) {
    quietly(() -> subscriber.onBypass(reason));
  }

  void shadow(Outcome.Shadow shadow) {
    quietly(() -> subscriber.onShadow(shadow));
  }

  void chunk(C chunk) {
    if (!cancelled && !ended.get()) {
      quietly(() -> subscriber.onChunk(chunk, subscription));
    }
  }

  void endWhole(Outcome.Answered outcome) {
    end(new CacheEvent.Finished(outcome), () -> subscriber.onWhole(outcome));
  }

  void endComplete(Outcome.Answered outcome) {
    end(new CacheEvent.Finished(outcome), () -> subscriber.onComplete(outcome));
  }

  void endUnsatisfied(Outcome.Unsatisfied outcome) {
    end(new CacheEvent.Finished(outcome), () -> subscriber.onUnsatisfied(outcome));
  }

  void endFailed(Throwable cause) {
    end(new CacheEvent.Failed(cause), () -> subscriber.onError(cause));
  }

  /** Ends a cancelled stream. Returns false if it had ended before. */
  boolean cancel() {
    cancelled = true;
    if (!ended.compareAndSet(false, true)) {
      return false;
    }
    engine.ended(new CacheEvent.Cancelled());
    return true;
  }

  /**
   * Ends the stream, if nothing has yet. The event comes first, so that the subscriber finds it
   * counted.
   */
  private void end(CacheEvent.Terminal event, Runnable last) {
    if (ended.compareAndSet(false, true)) {
      engine.ended(event);
      quietly(last);
    }
  }

  static void quietly(Runnable callback) {
    try {
      callback.run();
    } catch (Throwable e) {
      LOG.warn("A stream's subscriber or its stop failed; the stream goes on", e);
    }
  }
}
