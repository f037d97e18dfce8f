package dev.reprise.model;

/**
 * The cosine of the angle between two embeddings. It is the only unit of similarity here; adapters
 * convert their library's unit.
 *
 * @param cosine from -1 (opposite) through 0 (unrelated) to 1 (same direction)
 */
public record Similarity(double cosine) implements Comparable<Similarity> {
  /** How far rounding may carry a cosine beyond its range before it is an error. */
  private static final double ROUNDING = 1e-3;

  /**
   * @throws IllegalArgumentException if the cosine is outside -1 to 1 by more than rounding
   *     explains
   */
  public Similarity {
    if (!(cosine >= -1 - ROUNDING && cosine <= 1 + ROUNDING)) {
      throw new IllegalArgumentException(
          "cosine is "
              + cosine
              + ", but must be from -1.0 to 1.0"
              + (cosine > 1 && cosine <= 100
                  ? "; for " + cosine + " % write " + cosine / 100
                  : ""));
    }
    cosine = Math.max(-1, Math.min(1, cosine));
  }

  /** Returns whether this is {@code other} or nearer. */
  public boolean isAtLeast(Similarity other) {
    return cosine >= other.cosine;
  }

  @Override
  public int compareTo(Similarity other) {
    return Double.compare(cosine, other.cosine);
  }
}
