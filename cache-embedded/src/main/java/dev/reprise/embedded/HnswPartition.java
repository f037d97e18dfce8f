package dev.reprise.embedded;

import dev.reprise.key.Fingerprint;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of one fingerprint. Searches and retirements take no lock. While the index is made anew
 * or compacted, who adds waits.
 *
 * <p>A search goes through the index that was there when it began, and finds there what was there
 * then: an index that is replaced is not changed any more, and slots that only older indexes lead
 * to are used again when no search goes through those.
 */
final class HnswPartition {
  private static final Logger LOG = LoggerFactory.getLogger(HnswSemanticTier.class);

  /** One in so many rows is retired before it pays to compact a small index. */
  private static final int COMPACTION_SHARE = 5;

  /** In a large one it pays sooner: searches pass over every retired row that is near. */
  private static final int LARGE_COMPACTION_SHARE = 20;

  private static final int LARGE_COMPACTION_MINIMUM = 1_000;

  /** So many times that many are retired before who stores must wait for it. */
  private static final int URGENT = 2;

  /** So many retired rows are never worth it. */
  private static final int COMPACTION_MINIMUM = 16;

  /**
   * To mend a graph that lost many of its nodes takes as long as to make it anew, which is better.
   */
  private static final int REBUILT_ROWS = 5_000;

  /** A row may be moved while it is looked for, but not again and again. */
  private static final int ATTEMPTS = 4;

  private final Fingerprint fingerprint;
  private final HnswGraphSettings settings;
  private final ReentrantReadWriteLock structure = new ReentrantReadWriteLock();
  private final AtomicInteger retired = new AtomicInteger();

  /** Changed under the exclusive lock. */
  private volatile RowStore store;

  private volatile SearchedIndex searched;

  /** What older indexes lead to, the oldest first; guarded by itself. */
  private final Deque<Unlinked> unlinked = new ArrayDeque<>();

  private volatile boolean hasUnlinked;

  /** Whether the index stays flat beyond the limit, until a graph replaces it. */
  private volatile boolean isLoading;

  /** Whether that graph is being built; guarded by the exclusive lock. */
  private boolean isBuilding;

  /** How many rows are here or on their way; guarded by the map that holds the partition. */
  private int occupants;

  /**
   * Slots that no index leads to from here on.
   *
   * @param by the last index that does
   */
  private record Unlinked(SearchedIndex by, BitSet slots) {}

  HnswPartition(Fingerprint fingerprint, HnswGraphSettings settings) {
    this.fingerprint = fingerprint;
    this.settings = settings;
    store = new RowStore(settings.dimension(), settings.codec());
    searched = new SearchedIndex(new FlatIndex(settings, store));
  }

  private RowIndex index() {
    return searched.index();
  }

  Fingerprint fingerprint() {
    return fingerprint;
  }

  void enter() {
    occupants++;
  }

  /** Returns whether the partition is empty now. */
  boolean leave() {
    return --occupants == 0;
  }

  void add(HnswRow row, float[] vector) {
    while (!addUnlessFull(row, vector)) {
      makeRoom();
    }
  }

  /** Adds a row without building a graph; see {@link #buildGraph}. */
  void load(HnswRow row, float[] vector) {
    if (!isLoading) {
      Lock exclusive = structure.writeLock();
      exclusive.lock();
      try {
        isLoading = index() instanceof FlatIndex;
      } finally {
        exclusive.unlock();
      }
    }
    add(row, vector);
  }

  boolean isLoading() {
    return isLoading;
  }

  /**
   * Goes over to a graph if rows were loaded, and enough for one. Nobody waits meanwhile: what is
   * added is put into the graph at the end. Does nothing while another thread does that.
   *
   * @param workers how many threads build it, this one included
   * @param saved what it begins with, or null
   * @param isOver says that nobody wants it any more
   */
  void buildGraph(int workers, @Nullable SavedGraph saved, BooleanSupplier isOver) {
    if (!beginBuilding()) {
      return;
    }
    // While rows are being loaded the store stays the same, and no slot is freed.
    AtomicInteger next = new AtomicInteger();
    AtomicBoolean hasFailed = new AtomicBoolean(true);
    BooleanSupplier isStopped = () -> hasFailed.get() || isOver.getAsBoolean();
    BitSet linked = new BitSet();
    GraphIndex graph = new GraphIndex(settings, store);
    Lock exclusive = structure.writeLock();
    try {
      if (saved != null) {
        graph = begun(saved, linked);
      }
      hasFailed.set(false);
      while (store.end() > settings.flatLimit()
          && store.end() - next.get() > settings.flatLimit() / 2
          && !isStopped.getAsBoolean()) {
        insertWith(workers, graph, next, linked, hasFailed, isStopped);
      }
    } finally {
      exclusive.lock();
      try {
        if (store.end() > settings.flatLimit() && !isStopped.getAsBoolean()) {
          insert(graph, next, store.end(), linked, isStopped);
          if (!isStopped.getAsBoolean()) {
            replace(graph, new BitSet());
          }
        }
      } finally {
        // Without a graph the next row that is stored makes one.
        isLoading = false;
        isBuilding = false;
        exclusive.unlock();
      }
    }
    // None was let go of meanwhile.
    compactIfDue();
  }

  /** Returns the saved graph, or an empty one if it is of no use. */
  private GraphIndex begun(SavedGraph saved, BitSet linked) {
    try {
      return GraphIndex.of(settings, store, saved, linked);
    } catch (RuntimeException e) {
      LOG.warn("The saved graph over {} rows is of no use: it is built anew", saved.size(), e);
      linked.clear();
      return new GraphIndex(settings, store);
    }
  }

  private boolean beginBuilding() {
    Lock exclusive = structure.writeLock();
    exclusive.lock();
    try {
      boolean begins = isLoading && !isBuilding;
      isBuilding |= begins;
      return begins;
    } finally {
      exclusive.unlock();
    }
  }

  private void insertWith(
      int workers,
      GraphIndex graph,
      AtomicInteger next,
      BitSet linked,
      AtomicBoolean hasFailed,
      BooleanSupplier isStopped) {
    int end = store.end();
    Runnable work =
        () -> {
          boolean isDone = false;
          try {
            insert(graph, next, end, linked, isStopped);
            isDone = true;
          } finally {
            // Its slot is not in the graph then.
            hasFailed.compareAndSet(false, !isDone);
          }
        };
    List<Thread> helpers = new ArrayList<>();
    for (int i = 1; i < workers; i++) {
      Thread helper = new Thread(work, Thread.currentThread().getName() + "-" + i);
      helper.setDaemon(true);
      helper.start();
      helpers.add(helper);
    }
    try {
      work.run();
    } finally {
      helpers.forEach(HnswPartition::join);
    }
  }

  private static void join(Thread helper) {
    boolean isInterrupted = false;
    while (helper.isAlive()) {
      try {
        helper.join();
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Inserts the rows of the slots from {@code next} on, beside others that do the same. Those that
   * are retired are left out; the next compaction frees their slots.
   *
   * @param linked slots that are in the graph already
   */
  private void insert(
      GraphIndex graph, AtomicInteger next, int end, BitSet linked, BooleanSupplier isOver) {
    int slot = next.getAndUpdate(value -> Math.min(value + 1, end));
    while (slot < end && !isOver.getAsBoolean()) {
      HnswRow row = store.row(slot);
      if (row != null && !row.isRetired() && !linked.get(slot)) {
        graph.add(slot, store.vector(slot));
      }
      slot = next.getAndUpdate(value -> Math.min(value + 1, end));
    }
  }

  private boolean addUnlessFull(HnswRow row, float[] vector) {
    Lock shared = structure.readLock();
    shared.lock();
    try {
      if (hasUnlinked) {
        freeUnlinked();
      }
      RowIndex current = index();
      boolean isLimited = current instanceof FlatIndex && !isLoading;
      int slot = store.add(row, vector, isLimited ? settings.flatLimit() : Integer.MAX_VALUE);
      if (slot >= 0 && current instanceof GraphIndex graph) {
        graph.add(slot, vector);
      }
      return slot >= 0;
    } finally {
      shared.unlock();
    }
  }

  private void makeRoom() {
    Lock exclusive = structure.writeLock();
    exclusive.lock();
    try {
      if (index() instanceof FlatIndex && !isLoading && store.size() >= settings.flatLimit()) {
        compact();
        if (store.size() >= settings.flatLimit()) {
          replace(newGraph(), new BitSet());
        }
      }
    } finally {
      exclusive.unlock();
    }
  }

  private GraphIndex newGraph() {
    GraphIndex graph = new GraphIndex(settings, store);
    insert(graph, new AtomicInteger(), store.end(), new BitSet(), () -> false);
    return graph;
  }

  /**
   * Lets searches that begin from now on go through {@code next}. Under the exclusive lock.
   *
   * @param slots what the index before leads to, and {@code next} does not
   */
  private void replace(RowIndex next, BitSet slots) {
    SearchedIndex before = searched;
    searched = new SearchedIndex(next);
    synchronized (unlinked) {
      unlinked.add(new Unlinked(before, slots));
      hasUnlinked = true;
    }
    freeUnlinked();
  }

  /**
   * Frees the slots that no search can come to any more. Under the exclusive or the shared lock.
   */
  private void freeUnlinked() {
    synchronized (unlinked) {
      while (!unlinked.isEmpty() && unlinked.element().by().isIdle()) {
        unlinked.remove().slots().stream().forEach(store::free);
      }
      hasUnlinked = !unlinked.isEmpty();
    }
  }

  /** Does the same unless the index is being made anew, which does it, too. */
  private void freeUnlinkedUnlessBusy() {
    Lock shared = structure.readLock();
    if (shared.tryLock()) {
      try {
        freeUnlinked();
      } finally {
        shared.unlock();
      }
    }
  }

  /** Counts a row that has been retired. */
  void retired() {
    retired.incrementAndGet();
  }

  /** Lets go of the retired rows if there are many. */
  void compactIfDue() {
    if (hasUnlinked) {
      freeUnlinkedUnlessBusy();
    }
    int gone = retired.get();
    int size = store.size();
    int due =
        Math.min(size / COMPACTION_SHARE, LARGE_COMPACTION_MINIMUM + size / LARGE_COMPACTION_SHARE);
    if (isLoading || gone < COMPACTION_MINIMUM || gone < due) {
      return;
    }
    Lock exclusive = structure.writeLock();
    // Where rows are stored all the time there is never a moment without one: then they wait.
    boolean isUrgent = gone >= URGENT * due;
    if (isUrgent) {
      exclusive.lock();
    } else if (!exclusive.tryLock()) {
      return;
    }
    try {
      if (!isLoading && retired.get() >= COMPACTION_MINIMUM) {
        compact();
      }
    } finally {
      exclusive.unlock();
    }
  }

  private void compact() {
    // What older indexes lead to is counted and unlinked already.
    BitSet out = new BitSet();
    synchronized (unlinked) {
      unlinked.forEach(each -> out.or(each.slots()));
    }
    BitSet gone = new BitSet();
    for (int slot = 0; slot < store.end(); slot++) {
      HnswRow row = store.row(slot);
      if (row != null && row.isRetired() && !out.get(slot)) {
        gone.set(slot);
      }
    }
    out.or(gone);
    int left = store.size() - out.cardinality();
    // Half the limit, so that a partition of about that size does not go back and forth.
    if (index() instanceof GraphIndex graph && left > settings.flatLimit() / 2) {
      boolean isRebuilt = left <= REBUILT_ROWS && gone.cardinality() > left / 2;
      replace(isRebuilt ? newGraph() : graph.without(out), gone);
    } else {
      moveToFlat(out);
    }
    // A row may be counted only after it has gone: the difference is below zero until then.
    retired.addAndGet(-gone.cardinality());
  }

  /** Moves the rows that are not gone to a store that is no larger than they need. */
  private void moveToFlat(BitSet gone) {
    RowStore smaller = new RowStore(settings.dimension(), settings.codec());
    for (int slot = 0; slot < store.end(); slot++) {
      HnswRow row = store.row(slot);
      if (row != null && !gone.get(slot)) {
        smaller.add(row, store.vector(slot), Integer.MAX_VALUE);
      }
    }
    synchronized (unlinked) {
      // They are slots of a store that is not used again.
      unlinked.clear();
      hasUnlinked = false;
    }
    store = smaller;
    searched = new SearchedIndex(new FlatIndex(settings, smaller));
  }

  List<HnswRow> nearest(float[] query, int limit, HnswRow.Moment moment) {
    SearchedIndex current = enterIndex();
    try {
      return current.index().nearest(query, limit, moment);
    } finally {
      current.leave();
    }
  }

  /** Returns the index for a search, which must leave it. */
  @SuppressWarnings("ReferenceEquality")
  SearchedIndex enterIndex() {
    while (true) {
      SearchedIndex current = searched;
      current.enter();
      if (current == searched) {
        return current;
      }
      // It was replaced meanwhile: who did that may have found nobody in it.
      current.leave();
    }
  }

  /** Returns the cosine of a row of this partition, wherever it is now; below -1 if it has gone. */
  @SuppressWarnings("ReferenceEquality") // Another row may have an equal key.
  double cosine(HnswRow row, float[] query) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      RowStore current = store;
      int slot = current.find(row);
      if (slot >= 0) {
        double cosine = current.cosine(slot, query);
        VarHandle.loadLoadFence();
        if (current.row(slot) == row) {
          return cosine;
        }
      }
    }
    return Double.NEGATIVE_INFINITY;
  }

  /** Returns the graph as it is now, or null if there is none. */
  @Nullable SavedGraph saved() {
    SearchedIndex current = enterIndex();
    try {
      return current.index() instanceof GraphIndex graph ? graph.saved() : null;
    } finally {
      current.leave();
    }
  }

  int occupants() {
    return occupants;
  }

  /** Returns how many rows the index holds, retired ones included. */
  int size() {
    return store.size();
  }

  /** Returns whether rows are found through a graph, not by comparing them all. */
  boolean isGraph() {
    return index() instanceof GraphIndex;
  }
}
