package dev.reprise.embedded;

import java.util.Arrays;

/**
 * The signs of vectors' components, one bit each, by node number. How many signs two vectors have
 * in common estimates the angle between them (Charikar, "Similarity Estimation Techniques from
 * Rounding Algorithms", 2002) from a thirty-second of the memory, which a search through a large
 * graph mostly waits for. Codes may be read while others are written; who reads one that is being
 * replaced may see some of both.
 */
final class SignCodes {
  private static final int BITS = Long.SIZE;

  /** So many codes lie together. */
  private static final int BLOCK = 1024;

  private final int words;
  private volatile long[][] blocks = {};

  SignCodes(int dimension) {
    words = (dimension + BITS - 1) / BITS;
  }

  /** Returns the code of a vector. */
  static long[] of(float[] components) {
    long[] code = new long[(components.length + BITS - 1) / BITS];
    for (int i = 0; i < components.length; i++) {
      if (components[i] > 0) {
        code[i / BITS] |= 1L << i % BITS;
      }
    }
    return code;
  }

  /** Keeps {@code code} for {@code node}, in place of the one before. */
  synchronized void put(int node, long[] code) {
    int block = node / BLOCK;
    long[][] all = blocks;
    if (block >= all.length) {
      int before = all.length;
      all = Arrays.copyOf(all, Math.max(block + 1, before + before / 2));
      for (int i = before; i < all.length; i++) {
        all[i] = new long[BLOCK * words];
      }
      blocks = all;
    }
    System.arraycopy(code, 0, all[block], node % BLOCK * words, words);
  }

  /** Returns in how many components the signs of {@code node} and of {@code code} differ. */
  int differences(int node, long[] code) {
    long[] block = blocks[node / BLOCK];
    int begin = node % BLOCK * words;
    int differences = 0;
    for (int i = 0; i < words; i++) {
      differences += Long.bitCount(block[begin + i] ^ code[i]);
    }
    return differences;
  }
}
