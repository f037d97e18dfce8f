package dev.reprise.embedded;

import java.util.Arrays;

/**
 * Turns vectors of one dimension into codes of two bits a component, which a search through many
 * rows reads in place of the vectors.
 *
 * <p>A vector is rotated by a fixed pseudo-random rotation first, so that its length is spread over
 * all components, whatever the embedder. Then each component becomes one of -3, -1, 1 and 3, and a
 * factor per vector makes the estimate of a vector's cosine to itself 1. The codes are those of
 * RaBitQ (Gao and others, "Practical and Asymptotically Optimal Quantization of High-Dimensional
 * Vectors", 2024) with two bits. A query has four bits a component; an estimate of a cosine is then
 * off by 0.02 on average for 384 dimensions, and is made of bit counts alone.
 */
final class VectorCodec {
  /** The words of a code: its planes are the high bits, then the low bits, then the factors. */
  private static final int PLANES = 2;

  private static final int QUERY_PLANES = 4;
  private static final int ROUNDS = 3;
  private static final long SEED = 0x5265707269736521L;

  /** Where a normally distributed component goes over from the inner to the outer level. */
  private static final double THRESHOLD = 0.996;

  /** The step of a query's levels, of which there are 16, in standard deviations. */
  private static final double QUERY_STEP = 0.335;

  private static final int LOWEST_LEVEL = -8;
  private static final int HIGHEST_LEVEL = 7;

  /** The mean size of a component that is normally distributed, in standard deviations. */
  private static final double SIGN_SHARE = Math.sqrt(2 / Math.PI);

  /** Three standard deviations of an estimate by signs, for one component. */
  private static final double SIGN_DOUBT = 2.4;

  private final int dimension;
  private final int words;

  /** How many components one round of the rotation mixes: the largest power of two that fits. */
  private final int width;

  /** What each round of the rotation multiplies components by: signs, and the transform's scale. */
  private final float[][] factors = new float[ROUNDS][];

  VectorCodec(int dimension) {
    this.dimension = dimension;
    words = (dimension + Long.SIZE - 1) / Long.SIZE;
    width = Integer.highestOneBit(dimension);
    long state = SEED;
    for (int round = 0; round < ROUNDS; round++) {
      factors[round] = new float[dimension];
      int begin = begin(round);
      for (int i = 0; i < dimension; i++) {
        state += 0x9E3779B97F4A7C15L;
        double scale = i >= begin && i < begin + width ? 1 / Math.sqrt(width) : 1;
        factors[round][i] = (float) (mix(state) < 0 ? -scale : scale);
      }
    }
  }

  /** Returns where the transform of a round begins: at the front and at the end in turn. */
  private int begin(int round) {
    return round % 2 == 0 ? 0 : dimension - width;
  }

  /** The finalizer of SplitMix64. */
  static long mix(long number) {
    long mixed = (number ^ number >>> 30) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
    return mixed ^ mixed >>> 31;
  }

  /** Returns the number of words of a code. */
  int length() {
    return PLANES * words;
  }

  private float[] rotated(float[] vector) {
    float[] rotated = vector.clone();
    for (int round = 0; round < ROUNDS; round++) {
      float[] factor = factors[round];
      for (int i = 0; i < dimension; i++) {
        rotated[i] *= factor[i];
      }
      transform(rotated, begin(round));
    }
    return rotated;
  }

  /** The Walsh-Hadamard transform of {@link #width} components, two of its steps at a time. */
  private void transform(float[] vector, int begin) {
    int end = begin + width;
    int half = 1;
    if (Integer.numberOfTrailingZeros(width) % 2 == 1) {
      for (int i = begin; i < end; i += 2) {
        float one = vector[i];
        float other = vector[i + 1];
        vector[i] = one + other;
        vector[i + 1] = one - other;
      }
      half = 2;
    }
    for (; half < width; half *= 4) {
      for (int block = begin; block < end; block += 4 * half) {
        for (int i = block; i < block + half; i++) {
          float sum = vector[i] + vector[i + half];
          float difference = vector[i] - vector[i + half];
          float furtherSum = vector[i + 2 * half] + vector[i + 3 * half];
          float furtherDifference = vector[i + 2 * half] - vector[i + 3 * half];
          vector[i] = sum + furtherSum;
          vector[i + half] = difference + furtherDifference;
          vector[i + 2 * half] = sum - furtherSum;
          vector[i + 3 * half] = difference - furtherDifference;
        }
      }
    }
  }

  /**
   * Writes the code of a vector of length 1.
   *
   * @return the factor that belongs to it
   */
  float encode(float[] vector, long[] code) {
    float[] rotated = rotated(vector);
    float threshold = (float) (THRESHOLD / Math.sqrt(dimension));
    double dot = 0;
    Arrays.fill(code, 0);
    for (int i = 0; i < dimension; i++) {
      float component = rotated[i];
      // From 0 for the level -3 to 3 for the level 3.
      int level = component >= threshold ? 3 : component >= 0 ? 2 : component >= -threshold ? 1 : 0;
      dot += (2 * level - 3) * (double) component;
      long bit = 1L << i;
      if ((level & 2) != 0) {
        code[i / Long.SIZE] |= bit;
      }
      if ((level & 1) != 0) {
        code[words + i / Long.SIZE] |= bit;
      }
    }
    return (float) (1 / dot);
  }

  /** Returns what codes are compared with. */
  Query query(float[] vector) {
    float[] rotated = rotated(vector);
    float steps = (float) (Math.sqrt(dimension) / QUERY_STEP);
    long[] planes = new long[QUERY_PLANES * words];
    int sum = 0;
    float dot = 0;
    for (int word = 0; word < words; word++) {
      int end = Math.min(dimension, (word + 1) * Long.SIZE);
      long first = 0;
      long second = 0;
      long third = 0;
      long sign = 0;
      for (int i = end - 1; i >= word * Long.SIZE; i--) {
        float component = rotated[i];
        // Rounded to the nearest; what is too small or too large takes the last level.
        int level = (int) (component * steps - LOWEST_LEVEL + 0.5f);
        level = Math.max(0, Math.min(HIGHEST_LEVEL - LOWEST_LEVEL, level)) + LOWEST_LEVEL;
        sum += level;
        dot += level * component;
        first = first << 1 | (level & 1);
        second = second << 1 | (level >> 1 & 1);
        third = third << 1 | (level >> 2 & 1);
        sign = sign << 1 | (level >> 3 & 1);
      }
      planes[word * QUERY_PLANES] = first;
      planes[word * QUERY_PLANES + 1] = second;
      planes[word * QUERY_PLANES + 2] = third;
      planes[word * QUERY_PLANES + 3] = sign;
    }
    return new Query(planes, dimension, sum, 1 / dot);
  }

  /** A query's components as numbers of four bits, in two's complement. */
  static final class Query {
    private final long[] planes;
    private final int words;
    private final int sum;
    private final float factor;

    /** What makes a cosine of the product with signs, and how far that may be off. */
    private final float signFactor;

    private final float signDoubt;

    private Query(long[] planes, int dimension, int sum, float factor) {
      this.planes = planes;
      words = planes.length / QUERY_PLANES;
      this.sum = sum;
      this.factor = factor;
      double root = Math.sqrt(dimension);
      signFactor = (float) (factor / (SIGN_SHARE * root));
      signDoubt = (float) (SIGN_DOUBT / root);
    }

    /**
     * Returns an estimate of the cosine to the vector whose code begins at {@code begin}, or
     * negative infinity where the signs alone show that it is hardly above {@code bound}.
     */
    float estimate(long[] codes, int begin, float codeFactor, float bound) {
      int ones = 0;
      int twos = 0;
      int fours = 0;
      int eights = 0;
      for (int word = 0, plane = 0; word < words; word++, plane += QUERY_PLANES) {
        long high = codes[begin + word];
        ones += Long.bitCount(high & planes[plane]);
        twos += Long.bitCount(high & planes[plane + 1]);
        fours += Long.bitCount(high & planes[plane + 2]);
        eights += Long.bitCount(high & planes[plane + 3]);
      }
      int highs = ones + 2 * twos + 4 * fours - 8 * eights;
      if ((2 * highs - sum) * signFactor + signDoubt < bound) {
        return Float.NEGATIVE_INFINITY;
      }
      ones = 0;
      twos = 0;
      fours = 0;
      eights = 0;
      int lows = begin + words;
      for (int word = 0, plane = 0; word < words; word++, plane += QUERY_PLANES) {
        long low = codes[lows + word];
        ones += Long.bitCount(low & planes[plane]);
        twos += Long.bitCount(low & planes[plane + 1]);
        fours += Long.bitCount(low & planes[plane + 2]);
        eights += Long.bitCount(low & planes[plane + 3]);
      }
      int dot = 2 * highs + ones + 2 * twos + 4 * fours - 8 * eights;
      return (2 * dot - 3 * sum) * factor * codeFactor;
    }
  }

  /** Returns an estimate of the cosine of two vectors by their codes; 1 at most. */
  float estimate(
      long[] codes, int begin, float factor, long[] others, int otherBegin, float otherFactor) {
    int ones = 0;
    int twos = 0;
    int fours = 0;
    for (int word = 0; word < words; word++) {
      long high = codes[begin + word];
      long low = codes[begin + words + word];
      long otherHigh = others[otherBegin + word];
      long otherLow = others[otherBegin + words + word];
      fours += Long.bitCount(high ^ otherHigh);
      twos += Long.bitCount(high ^ otherLow) + Long.bitCount(low ^ otherHigh);
      ones += Long.bitCount(low ^ otherLow);
    }
    // A level is 2 h + l, where h and l are 1 or -1.
    int dot = 9 * dimension - 2 * (4 * fours + 2 * twos + ones);
    return Math.min(1, dot * factor * otherFactor);
  }
}
