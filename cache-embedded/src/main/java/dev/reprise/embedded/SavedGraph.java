package dev.reprise.embedded;

import java.util.ArrayList;
import java.util.List;

/**
 * A graph apart from its rows, as a file keeps it. Its nodes are numbers from 0 on, each with the
 * key of its row and, layer by layer, the number of its neighbours and these.
 */
final class SavedGraph {
  private final List<RowKey> keys = new ArrayList<>();
  private final List<int[]> lists = new ArrayList<>();

  /** Adds the next node. */
  void add(RowKey key, int[] neighbours) {
    keys.add(key);
    lists.add(neighbours);
  }

  int size() {
    return keys.size();
  }

  RowKey key(int node) {
    return keys.get(node);
  }

  /** Returns the number of neighbours in the lowest layer, these, and so on for each layer. */
  int[] neighbours(int node) {
    return lists.get(node);
  }
}
