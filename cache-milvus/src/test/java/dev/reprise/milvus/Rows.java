package dev.reprise.milvus;

import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.model.ContentHash;
import java.nio.charset.StandardCharsets;

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
}
