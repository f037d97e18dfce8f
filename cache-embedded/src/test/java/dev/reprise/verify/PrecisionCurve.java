package dev.reprise.verify;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Precision over hit rate of lookups whose surest candidate was read: if the surest of all lookups
 * are hits, how many of these are right? With the interval of Wilson at 95 %.
 *
 * <p>A pair that was read stands for several lookups. So the interval is that of fewer lookups: of
 * as many as there would be if each stood for the mean of what the hits stand for.
 */
final class PrecisionCurve {
  static final double[] HIT_RATES = {0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5};

  private static final double Z = 1.959964;

  /** Hits of one confidence, which are served together. */
  private static final class Hits {
    double lookups;
    double right;
    double weights;
  }

  private final double lookups;
  private final TreeMap<Double, Hits> byConfidence = new TreeMap<>();

  /**
   * @param lookups how many there are, those without a candidate included
   */
  PrecisionCurve(double lookups) {
    this.lookups = lookups;
  }

  /**
   * Adds a lookup.
   *
   * @param confidence of its surest candidate; 0 or less is no candidate
   * @param weight how many lookups the pair that was read stands for
   */
  void add(double confidence, boolean isRight, double weight) {
    if (confidence <= 0) {
      return;
    }
    Hits hits = byConfidence.computeIfAbsent(confidence, unused -> new Hits());
    hits.lookups++;
    hits.right += isRight ? 1 : 0;
    hits.weights += weight;
  }

  /** Returns the precision at each of {@link #HIT_RATES}, in cells of a table. */
  String cells() {
    return String.join(" | ", Arrays.stream(HIT_RATES).mapToObj(this::cell).toArray(String[]::new));
  }

  private String cell(double hitRate) {
    double wanted = hitRate * lookups;
    double taken = 0;
    double right = 0;
    double weights = 0;
    for (Map.Entry<Double, Hits> level : byConfidence.descendingMap().entrySet()) {
      Hits hits = level.getValue();
      double share = Math.min(1, (wanted - taken) / hits.lookups);
      taken += share * hits.lookups;
      right += share * hits.right;
      weights += share * hits.weights;
      if (share < 1) {
        break;
      }
    }
    if (taken < wanted - 1e-6) {
      return "-";
    }
    return interval(right / taken, taken * taken / weights);
  }

  /** Returns {@code share} with its interval, in %. */
  static String interval(double share, double count) {
    if (!(count > 0)) {
      return "-";
    }
    double square = Z * Z;
    double middle = (share + square / (2 * count)) / (1 + square / count);
    double half =
        Z
            / (1 + square / count)
            * Math.sqrt(share * (1 - share) / count + square / (4 * count * count));
    return String.format(
        Locale.ROOT,
        "%.1f (%.1f to %.1f)",
        100 * share,
        100 * Math.max(0, middle - half),
        100 * Math.min(1, middle + half));
  }
}
