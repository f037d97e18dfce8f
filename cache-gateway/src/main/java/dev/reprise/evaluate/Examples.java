package dev.reprise.evaluate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Keeps the examples that the matcher was surest of. Not safe for use by several threads. */
final class Examples {
  /** How many are kept: {@value}. */
  static final int MAXIMUM = 25;

  private static final Comparator<Example> SUREST_FIRST =
      Comparator.<Example>comparingDouble(example -> example.verdict().confidenceOrNone())
          .thenComparingDouble(Example::cosine)
          .reversed();

  private final List<Example> kept = new ArrayList<>();

  void add(Example example) {
    kept.add(example);
    if (kept.size() > 64 * MAXIMUM) {
      List<Example> surest = surest();
      kept.clear();
      kept.addAll(surest);
    }
  }

  /** Returns the surest, each once. */
  List<Example> surest() {
    List<Example> sorted = new ArrayList<>(kept);
    sorted.sort(SUREST_FIRST);
    List<Example> surest = new ArrayList<>();
    Set<List<String>> seen = new HashSet<>();
    for (Example example : sorted) {
      if (surest.size() < MAXIMUM && seen.add(List.of(example.asked(), example.cached()))) {
        surest.add(example);
      }
    }
    return List.copyOf(surest);
  }
}
