package dev.reprise.peers;

import dev.reprise.embed.Embedder;
import dev.reprise.embedded.MiniLmEmbedder;
import java.util.ArrayList;
import java.util.List;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;

/** The one embedding of all contenders: all-MiniLM-L6-v2, in process. */
final class MiniLm implements EmbeddingModel {
  private static final MiniLmEmbedder MODEL = MiniLmEmbedder.load();

  static float[] vector(String text) {
    if (MODEL.embed(text) instanceof Embedder.Embedding.Embedded embedded) {
      return embedded.vector().toArray();
    }
    throw new IllegalArgumentException("longer than the model's window: " + text);
  }

  @Override
  public int dimensions() {
    return 384;
  }

  @Override
  public float[] embed(Document document) {
    return vector(document.getText());
  }

  @Override
  public EmbeddingResponse call(EmbeddingRequest request) {
    List<org.springframework.ai.embedding.Embedding> all = new ArrayList<>();
    for (String text : request.getInstructions()) {
      all.add(new org.springframework.ai.embedding.Embedding(vector(text), all.size()));
    }
    return new EmbeddingResponse(all);
  }
}
