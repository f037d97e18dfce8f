package dev.reprise.embedded;

import java.util.List;

/**
 * Compares all rows. Up to the flat limit it compares vectors, so that it finds the nearest for
 * certain. More rows are there only until a graph is built: their codes are compared, and the
 * vectors of those that came nearest.
 */
final class FlatIndex implements RowIndex {
  /** So many rows are kept in mind while codes are compared. */
  private static final int CANDIDATES = 256;

  private final HnswGraphSettings settings;
  private final RowStore store;

  FlatIndex(HnswGraphSettings settings, RowStore store) {
    this.settings = settings;
    this.store = store;
  }

  @Override
  public List<HnswRow> nearest(float[] query, int limit, HnswRow.Moment moment) {
    int end = store.end();
    NearestRows nearest = new NearestRows(limit);
    if (end > settings.flatLimit() && settings.codec() != null) {
      byCode(query, limit, moment, end, nearest);
    } else {
      for (int slot = 0; slot < end; slot++) {
        HnswRow row = store.row(slot);
        if (row != null && row.isServed(moment)) {
          nearest.offer(row, store.quickCosine(slot, query));
        }
      }
    }
    return nearest.toList();
  }

  private void byCode(
      float[] query, int limit, HnswRow.Moment moment, int end, NearestRows nearest) {
    RowStore.Scores scores = store.scores(query);
    CandidatePool pool = new CandidatePool();
    pool.reset(Math.max(CANDIDATES, 2 * limit));
    float bound = Float.NEGATIVE_INFINITY;
    for (int slot = 0; slot < end; slot++) {
      float score = scores.estimate(slot, bound);
      if (score > bound) {
        HnswRow row = store.row(slot);
        if (row != null && row.isServed(moment)) {
          pool.offer(slot, score);
          bound = pool.bound();
        }
      }
    }
    for (int place = 0; place < pool.size(); place++) {
      if (pool.score(place) + store.doubt() <= nearest.bound()) {
        return;
      }
      HnswRow row = store.row(pool.slot(place));
      if (row != null) {
        nearest.offer(row, scores.cosine(pool.slot(place)));
      }
    }
  }
}
