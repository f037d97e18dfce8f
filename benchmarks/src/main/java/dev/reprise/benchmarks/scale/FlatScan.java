package dev.reprise.benchmarks.scale;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Compares every row with every query: what a search should have found. */
final class FlatScan {
  private static final int CHUNK = 2_000;

  private final SyntheticQuestions questions;
  private final int scopes;
  private final int count;
  private final Map<Integer, Block> blocks = new HashMap<>();

  /**
   * The queries of one scope, one component of all of them after the other: so the processor
   * compares several at once.
   */
  private static final class Block {
    private final int[] places;
    private final float[] components;

    Block(int[] places, float[] components) {
      this.places = places;
      this.components = components;
    }
  }

  FlatScan(SyntheticQuestions questions, int scopes, List<Query> queries) {
    this.questions = questions;
    this.scopes = scopes;
    count = queries.size();
    Map<Integer, List<Integer>> byScope = new HashMap<>();
    for (int i = 0; i < count; i++) {
      byScope.computeIfAbsent(queries.get(i).scope(), scope -> new ArrayList<>()).add(i);
    }
    byScope.forEach(
        (scope, places) -> {
          int width = places.size();
          int dimension = queries.get(0).vector().dimension();
          float[] components = new float[width * dimension];
          for (int q = 0; q < width; q++) {
            float[] vector = queries.get(places.get(q)).vector().toArray();
            for (int d = 0; d < dimension; d++) {
              components[d * width + q] = vector[d];
            }
          }
          int[] all = places.stream().mapToInt(Integer::intValue).toArray();
          blocks.put(scope, new Block(all, components));
        });
  }

  /** Returns, for each query, the highest cosine among the first {@code rows} rows. */
  float[] best(int rows) {
    return IntStream.range(0, (rows + CHUNK - 1) / CHUNK)
        .parallel()
        .mapToObj(chunk -> best(chunk * CHUNK, Math.min(rows, (chunk + 1) * CHUNK)))
        .reduce(FlatScan::higher)
        .orElseThrow();
  }

  private float[] best(int from, int to) {
    float[] best = new float[count];
    Arrays.fill(best, -1);
    for (int row = from; row < to; row++) {
      Block block = blocks.get(row % scopes);
      if (block != null) {
        float[] cosines = cosines(questions.question(row), block);
        for (int q = 0; q < cosines.length; q++) {
          int place = block.places[q];
          best[place] = Math.max(best[place], cosines[q]);
        }
      }
    }
    return best;
  }

  private static float[] cosines(float[] vector, Block block) {
    int width = block.places.length;
    float[] components = block.components;
    float[] cosines = new float[width];
    for (int d = 0; d < vector.length; d++) {
      float factor = vector[d];
      int begin = d * width;
      for (int q = 0; q < width; q++) {
        cosines[q] += factor * components[begin + q];
      }
    }
    return cosines;
  }

  private static float[] higher(float[] one, float[] other) {
    float[] higher = new float[one.length];
    for (int i = 0; i < one.length; i++) {
      higher[i] = Math.max(one[i], other[i]);
    }
    return higher;
  }
}
