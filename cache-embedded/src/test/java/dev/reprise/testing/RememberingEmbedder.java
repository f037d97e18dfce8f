package dev.reprise.testing;

import dev.reprise.embed.Embedder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Embeds each text once: a stream of questions repeats most of its texts. */
public final class RememberingEmbedder implements Embedder {
  private final Embedder embedder;
  private final Map<String, Embedding> embeddings = new ConcurrentHashMap<>();

  public RememberingEmbedder(Embedder embedder) {
    this.embedder = embedder;
  }

  @Override
  public String id() {
    return embedder.id();
  }

  @Override
  public int dimension() {
    return embedder.dimension();
  }

  @Override
  public Embedding embed(String text) {
    return embeddings.computeIfAbsent(text, embedder::embed);
  }
}
