package dev.reprise.evaluate;

import dev.reprise.embed.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * For each text of a stream, which of the texts before it are the nearest. A cache holds some of
 * the texts before, whichever matcher it has, so that this is worked out once for all of them.
 */
final class EarlierTexts {
  /** How many of the nearest are known of each text: {@value}. */
  static final int KNOWN = 128;

  /** How many texts are compared with a block at a time. */
  private static final int GROUP = 32;

  /** How many texts a block has; it stays in the processor's cache. */
  private static final int BLOCK = 256;

  /** How many components are added up at a time. */
  private static final int STRIDE = 4;

  /** What makes an integer of up to 31 bits of a similarity, finer than a float is. */
  private static final double SCALE = 5e8;

  private final Map<String, Integer> ordinals;
  private final int[][] nearest;

  private EarlierTexts(Map<String, Integer> ordinals, int[][] nearest) {
    this.ordinals = ordinals;
    this.nearest = nearest;
  }

  /**
   * Compares each text with all before it. Takes time that grows with the square of their number.
   *
   * @param vectors of the texts, in the order of their first arrival
   */
  static EarlierTexts of(Map<String, Vector> vectors, EvaluationProgress progress) {
    Map<String, Integer> ordinals = new HashMap<>();
    List<float[]> rows = new ArrayList<>(vectors.size());
    vectors.forEach(
        (text, vector) -> {
          ordinals.put(text, rows.size());
          rows.add(vector.toArray());
        });
    int[][] nearest = new int[rows.size()][];
    if (!rows.isEmpty()) {
      float[][] blocks = blocks(rows);
      int groups = (rows.size() + GROUP - 1) / GROUP;
      progress.begin("Comparing", groups);
      // The last ones take longest; they go first.
      IntStream.range(0, groups)
          .parallel()
          .forEach(
              i -> {
                compare(rows, blocks, groups - 1 - i, nearest);
                progress.step();
              });
    }
    return new EarlierTexts(ordinals, nearest);
  }

  /** Returns where {@code text} stands in the order, or -1 where it is not among the texts. */
  int ordinal(String text) {
    return ordinals.getOrDefault(text, -1);
  }

  /**
   * Returns the nearest texts before that one, nearest first: all of them or {@value #KNOWN}.
   *
   * @param ordinal of a text
   */
  int[] nearest(int ordinal) {
    return nearest[ordinal];
  }

  /** Returns the rows in blocks, each with all its first components, then all its second ones. */
  private static float[][] blocks(List<float[]> rows) {
    int dimension = rows.get(0).length;
    int padded = (dimension + STRIDE - 1) / STRIDE * STRIDE;
    float[][] blocks = new float[(rows.size() + BLOCK - 1) / BLOCK][padded * BLOCK];
    for (int i = 0; i < rows.size(); i++) {
      float[] block = blocks[i / BLOCK];
      for (int d = 0; d < dimension; d++) {
        block[d * BLOCK + i % BLOCK] = rows.get(i)[d];
      }
    }
    return blocks;
  }

  private static void compare(List<float[]> rows, float[][] blocks, int group, int[][] nearest) {
    int first = group * GROUP;
    int end = Math.min(rows.size(), first + GROUP);
    List<PriorityQueue<Long>> kept = new ArrayList<>();
    for (int i = first; i < end; i++) {
      kept.add(new PriorityQueue<>());
    }
    float[] sums = new float[BLOCK];
    for (int block = 0; block * BLOCK < end; block++) {
      for (int i = first; i < end; i++) {
        multiply(rows.get(i), blocks[block], sums);
        keep(kept.get(i - first), sums, block * BLOCK, i);
      }
    }
    for (int i = first; i < end; i++) {
      nearest[i] =
          kept.get(i - first).stream()
              .sorted(Comparator.reverseOrder())
              .mapToInt(Long::intValue)
              .toArray();
    }
  }

  /** Multiplies one row with all rows of a block. */
  private static void multiply(float[] row, float[] block, float[] sums) {
    Arrays.fill(sums, 0);
    float[] padded = row.length % STRIDE == 0 ? row : Arrays.copyOf(row, block.length / BLOCK);
    for (int d = 0; d < padded.length; d += STRIDE) {
      float a = padded[d];
      float b = padded[d + 1];
      float c = padded[d + 2];
      float e = padded[d + 3];
      int at = d * BLOCK;
      for (int j = 0; j < BLOCK; j++) {
        sums[j] +=
            a * block[at + j]
                + b * block[at + BLOCK + j]
                + c * block[at + 2 * BLOCK + j]
                + e * block[at + 3 * BLOCK + j];
      }
    }
  }

  /** Keeps what of the block is among the nearest so far, and stands before {@code ordinal}. */
  private static void keep(PriorityQueue<Long> kept, float[] sums, int offset, int ordinal) {
    int end = Math.min(BLOCK, ordinal - offset);
    for (int j = 0; j < end; j++) {
      long key = Math.round((sums[j] + 2) * SCALE) << Integer.SIZE | (offset + j);
      if (kept.size() < KNOWN) {
        kept.add(key);
      } else if (key > kept.element()) {
        kept.remove();
        kept.add(key);
      }
    }
  }
}
