package dev.reprise.embedded;

import java.util.List;

/** A way to find the nearest rows of a {@link RowStore}. Searches take no lock. */
sealed interface RowIndex permits FlatIndex, GraphIndex {

  /**
   * Returns the served rows nearest to {@code query}, nearest first.
   *
   * @param query of length 1
   * @param limit at least 1
   * @param moment rows that were retired or expired then are passed over
   */
  List<HnswRow> nearest(float[] query, int limit, HnswRow.Moment moment);
}
