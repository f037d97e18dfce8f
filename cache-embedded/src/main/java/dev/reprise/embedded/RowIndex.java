package dev.reprise.embedded;

import java.util.List;

/**
 * The rows of one partition, searchable. Searches run beside everything else and take no lock;
 * {@link HnswPartition} keeps the other methods apart as they ask.
 */
sealed interface RowIndex permits FlatIndex, GraphIndex {

  /**
   * Adds a row, unless the index is full. Other calls to this method may run meanwhile.
   *
   * @return whether it was added
   */
  boolean add(HnswRow row);

  /** Returns how many rows it holds, retired ones included. */
  int size();

  /**
   * Returns the served rows nearest to {@code query}, nearest first.
   *
   * @param query of length 1
   * @param limit at least 1
   * @param moment rows that were retired or expired then are passed over
   */
  List<HnswRow> nearest(float[] query, int limit, HnswRow.Moment moment);

  /**
   * Lets go of the retired rows. Nothing but searches may run meanwhile.
   *
   * @return the index to go on with: this or a better fitting one
   */
  RowIndex compacted();
}
