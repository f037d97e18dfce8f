package dev.reprise.milvus;

import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.model.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes the rows of the tests. */
final class Rows {
  static final int DIMENSION = 64;
  static final String EMBEDDER = "test-embedder/1";

  private Rows() {}

  static ExactKey pointer(String name) {
    return new ExactKey(ContentHash.of(name.getBytes(StandardCharsets.UTF_8)));
  }

  static Fingerprint fingerprint(String name) {
    return new Fingerprint(ContentHash.of(name.getBytes(StandardCharsets.UTF_8)));
  }

  /** Returns the unit vector along that axis. */
  static Vector axis(int axis) {
    float[] components = new float[DIMENSION];
    components[axis] = 1;
    return Vector.normalized(components);
  }

  /** Returns a vector whose cosine to {@code axis(0)} is {@code cosine}. */
  static Vector at(double cosine) {
    float[] components = new float[DIMENSION];
    components[0] = (float) cosine;
    components[1] = (float) Math.sqrt(1 - cosine * cosine);
    return Vector.normalized(components);
  }

  /**
   * Returns vectors that lie as questions do: in groups around a common topic, so that a graph has
   * something to follow.
   */
  static List<Vector> topics(int count, int topics, long seed) {
    Random random = new Random(seed);
    List<float[]> centres = new ArrayList<>();
    for (int i = 0; i < topics; i++) {
      centres.add(gaussian(random));
    }
    List<Vector> vectors = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      vectors.add(near(centres.get(i % topics), 0.7f, random));
    }
    return vectors;
  }

  /** Returns a vector near {@code vector}: what a paraphrase is to a question. */
  static Vector paraphrase(Vector vector, Random random) {
    return near(vector.toArray(), 0.05f, random);
  }

  private static Vector near(float[] centre, float noise, Random random) {
    float[] components = gaussian(random);
    for (int i = 0; i < components.length; i++) {
      components[i] = centre[i] + noise * components[i];
    }
    return Vector.normalized(components);
  }

  private static float[] gaussian(Random random) {
    float[] components = new float[DIMENSION];
    for (int i = 0; i < components.length; i++) {
      components[i] = (float) random.nextGaussian();
    }
    return components;
  }
}
