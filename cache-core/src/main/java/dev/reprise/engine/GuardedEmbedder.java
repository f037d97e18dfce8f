package dev.reprise.engine;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An embedder that never throws: a text that it cannot embed has no vector. */
final class GuardedEmbedder {
  private final @Nullable Embedder embedder;
  private final EventHub events;

  /**
   * @param embedder null where there is no semantic tier
   */
  GuardedEmbedder(@Nullable Embedder embedder, EventHub events) {
    this.embedder = embedder;
    this.events = events;
  }

  /** Returns the vector of {@code text}; empty where it is too long, or the embedder failed. */
  Optional<Vector> embed(String text) {
    try {
      return embedder != null
              && embedder.embed(text) instanceof Embedder.Embedding.Embedded embedded
          ? Optional.of(embedded.vector())
          : Optional.empty();
    } catch (Throwable e) {
      events.trouble("embedder", e);
      return Optional.empty();
    }
  }
}
