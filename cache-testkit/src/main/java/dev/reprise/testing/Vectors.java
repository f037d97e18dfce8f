package dev.reprise.testing;

import dev.reprise.embed.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Vectors for tests: the same for the same seed. */
public final class Vectors {
  private Vectors() {}

  /** Returns the vector along axis {@code axis}. */
  public static Vector axis(int dimension, int axis) {
    float[] components = new float[dimension];
    components[axis] = 1;
    return Vector.normalized(components);
  }

  /** Returns the vector in the plane of the first two axes whose cosine to the first is given. */
  public static Vector withCosine(int dimension, double cosine) {
    float[] components = new float[dimension];
    components[0] = (float) cosine;
    components[1] = (float) Math.sqrt(1 - cosine * cosine);
    return Vector.normalized(components);
  }

  /** Returns a vector of any direction. */
  public static Vector random(int dimension, Random random) {
    float[] components = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      components[i] = (float) random.nextGaussian();
    }
    return Vector.normalized(components);
  }

  /** Returns a vector about as near to {@code center} as {@code spread} is small. */
  public static Vector near(Vector center, double spread, Random random) {
    float[] components = center.toArray();
    double scale = spread / Math.sqrt(components.length);
    for (int i = 0; i < components.length; i++) {
      components[i] += (float) (scale * random.nextGaussian());
    }
    return Vector.normalized(components);
  }

  /** Returns vectors in clusters of different widths, as questions lie about their topics. */
  public static List<Vector> clustered(int count, int dimension, long seed) {
    Random random = new Random(seed);
    List<Vector> topics = new ArrayList<>();
    for (int i = 0; i < Math.max(1, count / 50); i++) {
      topics.add(random(dimension, random));
    }
    List<Vector> vectors = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Vector topic = topics.get(random.nextInt(topics.size()));
      vectors.add(near(topic, 0.2 + random.nextDouble(), random));
    }
    return vectors;
  }
}
