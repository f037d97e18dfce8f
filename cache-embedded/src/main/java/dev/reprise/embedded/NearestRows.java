package dev.reprise.embedded;

import java.util.Arrays;
import java.util.List;

/** The nearest of the rows that are offered, nearest first. Not safe for use by several threads. */
final class NearestRows {
  private final HnswRow[] rows;
  private final float[] scores;
  private int size;

  /**
   * @param limit how many to keep, at least 1
   */
  NearestRows(int limit) {
    rows = new HnswRow[limit];
    scores = new float[limit];
  }

  /** Returns the score that a row must exceed to be kept. */
  float bound() {
    return size < rows.length ? Float.NEGATIVE_INFINITY : scores[size - 1];
  }

  /** Keeps a row if its score is high enough; of equal ones the first comes first. */
  void offer(HnswRow row, float score) {
    if (score <= bound()) {
      return;
    }
    int place = size < rows.length ? size++ : size - 1;
    while (place > 0 && scores[place - 1] < score) {
      rows[place] = rows[place - 1];
      scores[place] = scores[place - 1];
      place--;
    }
    rows[place] = row;
    scores[place] = score;
  }

  List<HnswRow> toList() {
    return List.of(Arrays.copyOf(rows, size));
  }
}
