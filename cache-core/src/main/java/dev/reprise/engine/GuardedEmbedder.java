package dev.reprise.engine;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import dev.reprise.model.CacheException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/*
 * An embedder runs on the caller's thread, since the one of this process takes milliseconds. One on a server may take as long as its
 * client waits, so it is not asked for a while after it failed or was slow too often; then one caller finds out whether it is back.
 */
/** An embedder that never throws: a text that it cannot embed has no vector. */
final class GuardedEmbedder {
  /** A call that takes so long is as bad as a failed one. */
  static final Duration SLOW = Duration.ofSeconds(1);

  /** How long the embedder is not asked after it failed or was slow too often. */
  static final Duration PAUSE = Duration.ofSeconds(30);

  private static final String PART = "embedder";
  private static final int CAUSES = 16;

  private final @Nullable Embedder embedder;
  private final EventHub events;
  private final LongSupplier nanoseconds;
  private final CircuitBreaker circuit;

  /**
   * @param embedder null where there is no semantic tier
   */
  GuardedEmbedder(@Nullable Embedder embedder, EventHub events, LongSupplier nanoseconds) {
    this.embedder = embedder;
    this.events = events;
    this.nanoseconds = nanoseconds;
    this.circuit = Circuits.create(PART, SLOW, PAUSE, events::emit);
  }

  /** Returns the vector of {@code text}; empty where it is too long, or the embedder failed. */
  Optional<Vector> embed(String text) {
    // The call of a caller who is interrupted would fail, which says nothing about the embedder.
    if (embedder == null
        || Thread.currentThread().isInterrupted()
        || !circuit.tryAcquirePermission()) {
      return Optional.empty();
    }
    long start = nanoseconds.getAsLong();
    try {
      Optional<Vector> vector =
          embedder.embed(text) instanceof Embedder.Embedding.Embedded embedded
              ? Optional.of(fitting(embedder, embedded.vector()))
              : Optional.empty();
      circuit.onSuccess(nanoseconds.getAsLong() - start, TimeUnit.NANOSECONDS);
      return vector;
    } catch (Throwable e) {
      if (isInterrupt(e)) {
        Thread.currentThread().interrupt();
        circuit.releasePermission();
      } else {
        events.trouble(PART, e);
        circuit.onError(nanoseconds.getAsLong() - start, TimeUnit.NANOSECONDS, e);
      }
      return Optional.empty();
    }
  }

  private static Vector fitting(Embedder embedder, Vector vector) {
    if (vector.dimension() != embedder.dimension()) {
      throw new CacheException(
          "the embedder "
              + embedder.id()
              + " returned a vector of dimension "
              + vector.dimension()
              + ", but says that it has "
              + embedder.dimension());
    }
    return vector;
  }

  private static boolean isInterrupt(Throwable failure) {
    @Nullable Throwable cause = failure;
    for (int i = 0; i < CAUSES && cause != null; i++, cause = cause.getCause()) {
      if (cause instanceof InterruptedException) {
        return true;
      }
    }
    return false;
  }
}
