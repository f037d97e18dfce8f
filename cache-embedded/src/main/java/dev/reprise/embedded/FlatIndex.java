package dev.reprise.embedded;

import io.github.jbellis.jvector.vector.VectorUtil;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Rows that are all compared: exact, and for a few of them faster than a graph. */
final class FlatIndex implements RowIndex {
  private final HnswRow[] rows;

  /** Published after the row, so that who reads it sees the rows before it. */
  private volatile int size;

  private final HnswGraphSettings settings;

  FlatIndex(HnswGraphSettings settings) {
    this(settings, List.of());
  }

  /**
   * @param content not more than the settings' flat limit
   */
  FlatIndex(HnswGraphSettings settings, List<HnswRow> content) {
    // Most fingerprints have few questions: an index of a handful must not reserve a thousand.
    this(settings, content, Math.min(settings.flatLimit(), Math.max(8, 2 * content.size())));
  }

  private FlatIndex(HnswGraphSettings settings, List<HnswRow> content, int capacity) {
    this.settings = settings;
    rows = content.toArray(new HnswRow[capacity]);
    size = content.size();
  }

  /** Returns how many rows are compared at most where a graph can be built. */
  int limit() {
    return settings.flatLimit();
  }

  /** Returns the same rows in the same places, with room for as many again, beyond the limit. */
  FlatIndex grown() {
    List<HnswRow> all = Arrays.asList(rows).subList(0, size);
    return new FlatIndex(settings, all, Math.max(8, 2 * size));
  }

  /**
   * Returns a graph of the first {@code count} rows.
   *
   * @param isOver says that nobody wants it any more; it is not complete then
   */
  GraphIndex graphOf(int count, BooleanSupplier isOver) {
    GraphIndex graph = new GraphIndex(settings, List.of());
    for (int i = 0; i < count && !isOver.getAsBoolean(); i++) {
      if (!rows[i].isRetired()) {
        graph.add(rows[i]);
      }
    }
    return graph;
  }

  /** Adds the rows from {@code place} on to {@code graph}. Nobody may add rows here meanwhile. */
  void copyTo(GraphIndex graph, int place) {
    for (int i = place; i < size; i++) {
      if (!rows[i].isRetired()) {
        graph.add(rows[i]);
      }
    }
  }

  @Override
  public synchronized boolean add(HnswRow row) {
    int place = size;
    if (place == rows.length) {
      return false;
    }
    rows[place] = row;
    size = place + 1;
    return true;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public List<HnswRow> nearest(float[] query, int limit, HnswRow.Moment moment) {
    VectorFloat<?> vector = HnswRow.vectorOf(query);
    NearestRows nearest = new NearestRows(limit);
    int end = size;
    for (int i = 0; i < end; i++) {
      HnswRow row = rows[i];
      if (row.isServed(moment)) {
        float score = VectorUtil.dotProduct(vector, row.vector());
        if (nearest.wants(score)) {
          nearest.add(row, score);
        }
      }
    }
    return nearest.toList();
  }

  @Override
  public RowIndex compacted() {
    List<HnswRow> left = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      if (!rows[i].isRetired()) {
        left.add(rows[i]);
      }
    }
    return left.size() < settings.flatLimit()
        ? new FlatIndex(settings, left)
        : new GraphIndex(settings, left);
  }
}
