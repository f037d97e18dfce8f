package dev.reprise.embedded;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.List;
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
    GraphIndex left = new GraphIndex(settings, store, links.copy());
    left.entry = entry;
    left.remove(gone);
    return left;
  }

  private void remove(BitSet gone) {
    moveEntry(gone);
    Walk walk = walk();
    int[] left = new int[store.size()];
    int count = 0;
    for (int slot = 0; slot < store.end(); slot++) {
      if (store.row(slot) != null && !gone.get(slot)) {
        left[count++] = slot;
        links.setEntering(slot, 0);
        for (int layer = links.top(slot); layer >= 0; layer--) {
          walk.mend(slot, layer, gone);
        }
      }
    }
    nodes.set(count);
    for (int i = 0; i < count; i++) {
      walk.countEntrances(left[i]);
    }
    joinIslands(walk, left, count);
    walks.offer(walk);
  }

  /** Links those rows again that no walk from the entry comes to. */
  private void joinIslands(Walk walk, int[] left, int count) {
    BitSet reached = new BitSet();
    int[] neighbours = new int[links.degree(0) + 1];
    reach(slotOf(entry), reached, neighbours);
    for (int i = 0; i < count; i++) {
      if (!reached.get(left[i])) {
        walk.start(store.scores(store.vector(left[i])), slotOf(entry), layerOf(entry), 0);
        walk.through(0, settings.efConstruction());
        walk.link(left[i], 0, walk.choose(left[i], 0));
        reach(left[i], reached, neighbours);
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

  private void moveEntry(BitSet gone) {
    if (!gone.get(slotOf(entry))) {
      return;
    }
    long best = EMPTY;
    for (int slot = 0; slot < store.end(); slot++) {
      if (store.row(slot) != null && !gone.get(slot)) {
        int layer = links.top(slot);
        if (best == EMPTY || layer > layerOf(best)) {
          best = entry(layer, slot);
        }
      }
    }
    entry = best;
  }
}
