package dev.reprise.testing;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;

/**
 * Returns a vector in a pseudo-random direction for each text, always the same for the same text. A
 * test can place a text near another one. Texts of more than {@value #WINDOW} characters are too
 * long.
 */
public final class HashEmbedder implements Embedder {
  /** The dimension of its vectors. */
  public static final int DIMENSION = 64;

  /** The longest text, in characters. */
  public static final int WINDOW = 500;

  private final Map<String, Vector> chosen = new ConcurrentHashMap<>();
  private final AtomicInteger calls = new AtomicInteger();

  /** Puts {@code text} so that its cosine to {@code other} is {@code cosine}. */
  public HashEmbedder near(String text, String other, double cosine) {
    float[] along = vector(other).toArray();
    float[] across = vector(text).toArray();
    double dot = 0;
    for (int i = 0; i < DIMENSION; i++) {
      dot += (double) along[i] * across[i];
    }
    for (int i = 0; i < DIMENSION; i++) {
      across[i] -= (float) (dot * along[i]);
    }
    float[] orthogonal = Vector.normalized(across).toArray();
    float[] components = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      components[i] = (float) (cosine * along[i] + Math.sqrt(1 - cosine * cosine) * orthogonal[i]);
    }
    chosen.put(text, Vector.normalized(components));
    return this;
  }

  /** Returns how often it was asked. */
  public int calls() {
    return calls.get();
  }

  @Override
  public String id() {
    return "hash";
  }

  @Override
  public int dimension() {
    return DIMENSION;
  }

  @Override
  public Embedding embed(String text) {
    calls.incrementAndGet();
    return text.length() > WINDOW
        ? new Embedding.TooLong(WINDOW)
        : new Embedding.Embedded(vector(text));
  }

  /** Returns the vector of {@code text}. */
  public Vector vector(String text) {
    Vector vector = chosen.get(text);
    if (vector != null) {
      return vector;
    }
    CRC32 seed = new CRC32();
    seed.update(text.getBytes(StandardCharsets.UTF_8));
    return Vectors.random(DIMENSION, new Random(seed.getValue()));
  }
}
