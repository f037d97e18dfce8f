package dev.reprise.evaluate;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Embeds each text once. Safe for use by several threads. */
final class EmbeddedTexts {
  private final Embedder embedder;
  private final Map<String, Optional<Vector>> vectors = new ConcurrentHashMap<>();

  EmbeddedTexts(Embedder embedder) {
    this.embedder = embedder;
  }

  /** Returns the vector of {@code text}, or nothing where it is beyond the embedder's window. */
  Optional<Vector> vector(String text) {
    return vectors.computeIfAbsent(
        text,
        unknown ->
            embedder.embed(unknown) instanceof Embedder.Embedding.Embedded embedded
                ? Optional.of(embedded.vector())
                : Optional.empty());
  }
}
