package dev.reprise.embed;

import dev.reprise.model.Similarity;
import dev.reprise.model.internal.Checks;
import java.util.Arrays;

/** An embedding: a vector of length 1. Immutable. */
public final class Vector {
  private final float[] components;

  private Vector(float[] components) {
    this.components = components;
  }

  /**
   * Returns {@code components} scaled to length 1; they are copied.
   *
   * @throws IllegalArgumentException if there are none, one is not finite, or all are 0
   */
  public static Vector normalized(float[] components) {
    Checks.inRange("dimension", components.length, 1, 65_536);
    double sum = 0;
    for (float component : components) {
      sum += (double) component * component;
    }
    if (!(sum > 0) || !Double.isFinite(sum)) {
      throw new IllegalArgumentException(
          "a vector has finite components, not all 0; its squared length is " + sum);
    }
    double scale = 1 / Math.sqrt(sum);
    float[] unit = new float[components.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (components[i] * scale);
    }
    return new Vector(unit);
  }

  /** Returns the number of components. */
  public int dimension() {
    return components.length;
  }

  /** Returns a copy of the components; their squares add up to 1. */
  public float[] toArray() {
    return components.clone();
  }

  /**
   * Returns the cosine of the angle to {@code other}.
   *
   * @throws IllegalArgumentException if the dimensions differ
   */
  public Similarity similarity(Vector other) {
    if (other.components.length != components.length) {
      throw new IllegalArgumentException(
          "vectors of dimension " + components.length + " and " + other.components.length);
    }
    double dot = 0;
    for (int i = 0; i < components.length; i++) {
      dot += (double) components[i] * other.components[i];
    }
    return new Similarity(dot);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Vector vector && Arrays.equals(components, vector.components);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(components);
  }

  @Override
  public String toString() {
    return "Vector[" + components.length + "]";
  }
}
