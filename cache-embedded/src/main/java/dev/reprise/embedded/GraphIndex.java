package dev.reprise.embedded;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A graph over the rows of a store: HNSW (Malkov and Yashunin, "Efficient and robust approximate
 * nearest neighbor search using Hierarchical Navigable Small World graphs", 2016). Every node has
 * at most 2 M neighbours in the lowest layer and M in the ones above. Rows may be added by several
 * threads at once, beside searches.
 *
 * <p>A walk through the graph scores rows by their codes. What it comes to in the end is scored by
 * vectors, until no other row can be nearer. A retired row stays a node that walks pass through;
 * {@link #without} makes a graph that leads to none of them. Where a search comes to very many of
 * them, it compares all rows instead.
 */
final class GraphIndex implements RowIndex {
  /** No hash leads higher; with 16 neighbours that is enough for any number of rows. */
  private static final int HIGHEST_LAYER = 7;

  /** Up to so many rows, ef is as it was set. */
  private static final int ROWS_OF_EF = 10_000;

  /** What share of ef is added whenever there are ten times as many rows. */
  private static final double EF_GROWTH = 1;

  /**
   * Up to so many rows, one is added after the other: rows that arrive together do not see each
   * other, and in a small graph they are too many of all.
   */
  private static final int ROWS_ADDED_IN_TURN = 2_000;

  /** One in so many rows is passed over before it takes less time to compare all of them. */
  private static final int PATIENCE_SHARE = 32;

  private static final int LEAST_PATIENCE = 64;

  /** A saved graph is of use if so many times more of its rows are left than have gone. */
  private static final int GONE_SHARE = 2;

  private static final long EMPTY = -1;

  private final HnswGraphSettings settings;
  private final RowStore store;
  private final Links links;

  /** The layer and the slot where every walk begins. */
  private volatile long entry = EMPTY;

  private final Object turn = new Object();

  /** How many rows were added, or were there when the graph was made from another. */
  private final AtomicInteger nodes = new AtomicInteger();

  /** Working space; these few are used again. */
  private final Queue<Walk> walks =
      new ArrayBlockingQueue<>(2 * Runtime.getRuntime().availableProcessors());

  GraphIndex(HnswGraphSettings settings, RowStore store) {
    this(settings, store, new Links(2 * settings.m(), settings.m()));
  }

  private GraphIndex(HnswGraphSettings settings, RowStore store, Links links) {
    this.settings = settings;
    this.store = store;
    this.links = links;
  }

  private Walk walk() {
    Walk walk = walks.poll();
    return walk == null ? new Walk(store, links) : walk;
  }

  private static int layerOf(long entry) {
    return (int) (entry >> Integer.SIZE);
  }

  private static int slotOf(long entry) {
    return (int) entry;
  }

  private static long entry(int layer, int slot) {
    return (long) layer << Integer.SIZE | slot;
  }

  @Override
  public List<HnswRow> nearest(float[] query, int limit, HnswRow.Moment moment) {
    long start = entry;
    if (start == EMPTY) {
      return List.of();
    }
    RowStore.Scores scores = store.scores(query);
    int patience = Math.max(LEAST_PATIENCE, store.size() / PATIENCE_SHARE);
    int most = Math.max(limit, ef());
    Walk walk = walk();
    walk.start(scores, slotOf(start), layerOf(start), 0);
    CandidatePool pool = walk.through(0, most, CandidatePool.SPARE, moment, patience);
    while (pool.hasLost() && pool.notServed() < patience) {
      int spare = 4 * pool.notServed();
      walk.start(scores, slotOf(start), layerOf(start), 0);
      pool = walk.through(0, most, spare, moment, patience);
    }
    List<HnswRow> nearest =
        pool.notServed() < patience
            ? nearest(pool, scores, limit)
            : new FlatIndex(settings, store).nearest(query, limit, moment);
    // Not after an exception: who knows what its working space holds then.
    walks.offer(walk);
    return nearest;
  }

  private List<HnswRow> nearest(CandidatePool pool, RowStore.Scores scores, int limit) {
    NearestRows nearest = new NearestRows(limit);
    for (int place = 0; place < pool.size(); place++) {
      if (pool.score(place) + store.doubt() <= nearest.bound()) {
        break;
      }
      HnswRow row = store.row(pool.slot(place));
      if (pool.isServed(place) && row != null) {
        nearest.offer(row, scores.cosine(pool.slot(place)));
      }
    }
    return nearest.toList();
  }

  /** Returns how many candidates a search keeps in mind: more of them in a larger graph. */
  private int ef() {
    double decades = Math.log10(Math.max(1, store.size() / (double) ROWS_OF_EF));
    return (int) (settings.ef() * (1 + EF_GROWTH * decades));
  }

  private int layer(HnswRow row) {
    double share = ((row.spread() >>> 11) + 1) * 0x1p-53;
    return (int) Math.min(HIGHEST_LAYER, -Math.log(share) / Math.log(settings.m()));
  }

  /** Adds the row in a slot of the store. */
  void add(int slot, float[] vector) {
    if (nodes.getAndIncrement() >= ROWS_ADDED_IN_TURN) {
      addNow(slot, vector);
    } else {
      synchronized (turn) {
        addNow(slot, vector);
      }
    }
  }

  private void addNow(int slot, float[] vector) {
    HnswRow row = store.row(slot);
    if (row == null) {
      return;
    }
    int layer = layer(row);
    links.open(slot, layer);
    long start = entry;
    if (start == EMPTY) {
      synchronized (this) {
        start = entry;
        if (start == EMPTY) {
          entry = entry(layer, slot);
          return;
        }
      }
    }
    Walk walk = walk();
    int top = Math.min(layer, layerOf(start));
    walk.start(store.scores(vector), slotOf(start), layerOf(start), top);
    int[][] chosen = new int[top + 1][];
    for (int at = top; at >= 0; at--) {
      walk.through(at, settings.efConstruction());
      chosen[at] = walk.choose(slot, at);
    }
    // From below: who comes to the slot in a layer finds its way down from there.
    for (int at = 0; at <= top; at++) {
      walk.link(slot, at, chosen[at]);
    }
    walks.offer(walk);
    if (layer > layerOf(start)) {
      synchronized (this) {
        if (layer > layerOf(entry)) {
          entry = entry(layer, slot);
        }
      }
    }
  }

  /**
   * Returns a graph of the same rows without these slots, whose neighbours are joined to each
   * other. Searches may go on in this one, which stays as it is; nobody may add rows meanwhile.
   *
   * @param gone at least one row must be left
   */
  GraphIndex without(BitSet gone) {
    GraphIndex graph = new GraphIndex(settings, store, links.copy());
    graph.entry = entry;
    BitSet left = new BitSet();
    for (int slot = 0; slot < store.end(); slot++) {
      if (store.row(slot) != null && !gone.get(slot)) {
        left.set(slot);
      }
    }
    graph.mend(left, gone);
    return graph;
  }

  private void mend(BitSet left, BitSet gone) {
    moveEntry(left);
    Walk walk = walk();
    int[] slots = left.stream().toArray();
    for (int slot : slots) {
      links.setEntering(slot, 0);
      for (int layer = links.top(slot); layer >= 0; layer--) {
        walk.mend(slot, layer, gone);
      }
    }
    nodes.set(slots.length);
    for (int slot : slots) {
      walk.countEntrances(slot);
    }
    joinIslands(walk, slots);
    walks.offer(walk);
  }

  /** Returns the graph as it is now, beside searches and rows that are added. */
  SavedGraph saved() {
    int end = Math.min(store.end(), links.end());
    int[] nodes = new int[end];
    // Not looked up again: a row may go, and another come into its slot.
    HnswRow[] rows = new HnswRow[end];
    int count = 0;
    for (int slot = 0; slot < end; slot++) {
      HnswRow row = store.row(slot);
      // One that is not linked yet may have the lists of the row that was here before.
      boolean isNode = row != null && !row.isRetired() && links.top(slot) == layer(row);
      rows[slot] = isNode ? row : null;
      nodes[slot] = isNode ? count++ : -1;
    }
    SavedGraph graph = new SavedGraph();
    int[] neighbours = new int[links.degree(0) + 1];
    int[] lists = new int[(HIGHEST_LAYER + 1) * neighbours.length];
    for (int slot = 0; slot < end; slot++) {
      HnswRow row = rows[slot];
      if (row != null) {
        int length = 0;
        for (int layer = 0; layer <= links.top(slot); layer++) {
          int begin = length++;
          int read = links.read(slot, layer, neighbours);
          for (int i = 0; i < read; i++) {
            if (neighbours[i] < end && nodes[neighbours[i]] >= 0) {
              lists[length++] = nodes[neighbours[i]];
            }
          }
          lists[begin] = length - begin - 1;
        }
        graph.add(row, Arrays.copyOf(lists, length));
      }
    }
    return graph;
  }

  /**
   * Returns a saved graph over the rows of a store.
   *
   * @param left to be filled: the slots that are in it. The others are to be added. Empty where so
   *     many of its rows have gone that a new graph is better.
   */
  static GraphIndex of(HnswGraphSettings settings, RowStore store, SavedGraph saved, BitSet left) {
    Map<RowKey, Integer> slots = new HashMap<>();
    int end = store.end();
    for (int slot = 0; slot < end; slot++) {
      HnswRow row = store.row(slot);
      if (row != null && !row.isRetired()) {
        slots.put(row, slot);
      }
    }
    // A node without a row takes a place behind them, until its neighbours are joined.
    int[] places = new int[saved.size()];
    BitSet gone = new BitSet();
    int behind = end;
    for (int node = 0; node < places.length; node++) {
      Integer slot = slots.remove(saved.key(node));
      places[node] = slot == null ? behind++ : slot;
      (slot == null ? gone : left).set(places[node]);
    }
    GraphIndex graph = new GraphIndex(settings, store);
    if (behind - end > left.cardinality() / GONE_SHARE) {
      left.clear();
    } else if (!left.isEmpty()) {
      graph.link(saved, places);
      graph.mend(left, gone);
    }
    return graph;
  }

  private void link(SavedGraph saved, int[] places) {
    for (int node = 0; node < places.length; node++) {
      int[] lists = saved.neighbours(node);
      int top = -1;
      for (int begin = 0; begin < lists.length; begin += lists[begin] + 1) {
        top++;
      }
      links.open(places[node], top);
    }
    int[] neighbours = new int[links.degree(0)];
    for (int node = 0; node < places.length; node++) {
      int[] lists = saved.neighbours(node);
      int begin = 0;
      for (int layer = 0; layer <= links.top(places[node]); layer++) {
        int count = 0;
        for (int i = 1; i <= lists[begin]; i++) {
          int place = places[lists[begin + i]];
          // Rows were added while the lists were read.
          if (links.top(place) >= layer) {
            neighbours[count++] = place;
          }
        }
        links.write(places[node], layer, neighbours, count);
        begin += lists[begin] + 1;
      }
    }
  }

  /** Links those rows again that no walk from the entry comes to. */
  private void joinIslands(Walk walk, int[] slots) {
    BitSet reached = new BitSet();
    int[] neighbours = new int[links.degree(0) + 1];
    reach(slotOf(entry), reached, neighbours);
    for (int slot : slots) {
      if (!reached.get(slot)) {
        walk.start(store.scores(store.vector(slot)), slotOf(entry), layerOf(entry), 0);
        walk.through(0, settings.efConstruction());
        walk.link(slot, 0, walk.choose(slot, 0));
        reach(slot, reached, neighbours);
      }
    }
  }

  private void reach(int from, BitSet reached, int[] neighbours) {
    ArrayDeque<Integer> waiting = new ArrayDeque<>();
    reached.set(from);
    waiting.add(from);
    while (!waiting.isEmpty()) {
      int count = links.read(waiting.remove(), 0, neighbours);
      for (int i = 0; i < count; i++) {
        if (!reached.get(neighbours[i])) {
          reached.set(neighbours[i]);
          waiting.add(neighbours[i]);
        }
      }
    }
  }

  /** Makes one of these slots the entry, unless one of them is. */
  private void moveEntry(BitSet left) {
    if (entry != EMPTY && left.get(slotOf(entry))) {
      return;
    }
    long best = EMPTY;
    for (int slot : left.stream().toArray()) {
      int layer = links.top(slot);
      if (best == EMPTY || layer > layerOf(best)) {
        best = entry(layer, slot);
      }
    }
    entry = best;
  }
}
