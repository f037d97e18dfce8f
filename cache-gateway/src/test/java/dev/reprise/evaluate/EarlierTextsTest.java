package dev.reprise.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reprise.embed.Vector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EarlierTextsTest {
  private static final int TEXTS = 700;

  @ParameterizedTest
  @ValueSource(ints = {2, 7, 16})
  void theNearestBeforeAreThoseOfAFullSort(int dimension) {
    Map<String, Vector> vectors = random(dimension);
    List<Vector> inOrder = new ArrayList<>(vectors.values());
    EarlierTexts earlier = EarlierTexts.of(vectors, EvaluationProgress.none());

    for (int i = 0; i < TEXTS; i++) {
      assertThat(earlier.ordinal("text " + i)).isEqualTo(i);
      Vector text = inOrder.get(i);
      double[] expected =
          IntStream.range(0, i)
              .mapToDouble(j -> -text.similarity(inOrder.get(j)).cosine())
              .sorted()
              .limit(EarlierTexts.KNOWN)
              .map(cosine -> -cosine)
              .toArray();
      double[] found =
          IntStream.of(earlier.nearest(i))
              .mapToDouble(j -> text.similarity(inOrder.get(j)).cosine())
              .toArray();
      // Two that are nearly as near may change places.
      assertThat(found).as("text %d", i).containsExactly(expected, within(1e-6));
    }
  }

  @Test
  void whatIsNotAmongTheTextsHasNoPlace() {
    EarlierTexts none = EarlierTexts.of(Map.of(), EvaluationProgress.none());
    assertThat(none.ordinal("text 0")).isEqualTo(-1);
  }

  /** Whatever is stored, and however it is found: the nearest are those of a full scan. */
  @Test
  void aCacheFindsWhatAFullScanFinds() {
    Map<String, Vector> vectors = random(4);
    EarlierTexts earlier = EarlierTexts.of(vectors, EvaluationProgress.none());
    Random random = new Random(5);
    for (double stored : new double[] {0.02, 0.3, 1}) {
      StreamCache cache = new StreamCache(earlier);
      List<StreamCache.Row> rows = new ArrayList<>();
      for (int i = 0; i < TEXTS; i++) {
        // Now and then a text comes again, or one that nobody foresaw.
        boolean again = random.nextInt(10) == 0;
        String text = again ? "text " + random.nextInt(i + 1) : "text " + i;
        Vector vector = vectors.get(text);
        String comparable = random.nextInt(10) == 0 ? "changed " + text : text;
        List<String> expected =
            rows.stream()
                .sorted(
                    Comparator.comparingDouble(
                        (StreamCache.Row row) -> -vector.similarity(row.vector()).cosine()))
                .limit(5)
                .map(row -> row.arrival().query())
                .toList();
        assertThat(cache.nearest(comparable, vector, 5))
            .as("%s of %s", text, stored)
            .extracting(near -> near.row().arrival().query())
            .containsExactlyElementsOf(expected);
        if (random.nextDouble() < stored && cache.exact(text).isEmpty()) {
          Arrival arrival = new Arrival("", "label", text, "");
          cache.store(arrival, i, comparable, vector);
          rows.add(new StreamCache.Row(i, arrival, vector));
        }
      }
    }
  }

  private static Map<String, Vector> random(int dimension) {
    Random random = new Random(dimension);
    Map<String, Vector> vectors = new LinkedHashMap<>();
    for (int i = 0; i < TEXTS; i++) {
      float[] components = new float[dimension];
      for (int d = 0; d < dimension; d++) {
        components[d] = (float) random.nextGaussian();
      }
      vectors.put("text " + i, Vector.normalized(components));
    }
    return vectors;
  }
}
