package dev.reprise.embedded;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one fingerprint. Searches and retirements take no lock. While the index is made anew
 * or compacted, who adds waits.
 */
final class HnswPartition {
  /** One in so many rows is retired before it pays to compact the index. */
  private static final int COMPACTION_SHARE = 5;

  /** So many retired rows are never worth it. */
  private static final int COMPACTION_MINIMUM = 16;

  private final ReentrantReadWriteLock structure = new ReentrantReadWriteLock();
  private final AtomicInteger retired = new AtomicInteger();
  private volatile RowIndex index;

  /** Whether the index is a flat one beyond the limit, which a graph will replace. */
  private volatile boolean isLoading;

  /** How many rows are here or on their way; guarded by the map that holds the partition. */
  private int occupants;

  HnswPartition(HnswGraphSettings settings) {
    index = new FlatIndex(settings);
  }

  void enter() {
    occupants++;
  }

  /** Returns whether the partition is empty now. */
  boolean leave() {
    return --occupants == 0;
  }

  void add(HnswRow row) {
    RowIndex full = addUnlessFull(row);
    while (full != null) {
      makeRoom(full);
      full = addUnlessFull(row);
    }
  }

  /** Adds a row without building a graph; see {@link #buildGraph}. */
  void load(HnswRow row) {
    if (!isLoading) {
      Lock exclusive = structure.writeLock();
      exclusive.lock();
      try {
        isLoading = index instanceof FlatIndex;
      } finally {
        exclusive.unlock();
      }
    }
    add(row);
  }

  boolean isLoading() {
    return isLoading;
  }

  /**
   * Goes over to a graph if there are enough rows for one. Nobody waits meanwhile: what is added is
   * put into the graph at the end.
   *
   * @param isOver says that nobody wants it any more
   */
  void buildGraph(BooleanSupplier isOver) {
    if (!(index instanceof FlatIndex flat) || flat.size() < flat.limit()) {
      isLoading = false;
      return;
    }
    int taken = flat.size();
    GraphIndex graph = flat.graphOf(taken, isOver);
    Lock exclusive = structure.writeLock();
    exclusive.lock();
    try {
      if (!isOver.getAsBoolean() && index instanceof FlatIndex now) {
        int before = now.size();
        now.copyTo(graph, taken);
        index = graph;
        retired.addAndGet(graph.size() - before);
      }
      isLoading = false;
    } finally {
      exclusive.unlock();
    }
  }

  /** Returns the index that has no room for the row, or null if the row was added. */
  private @Nullable RowIndex addUnlessFull(HnswRow row) {
    Lock shared = structure.readLock();
    shared.lock();
    try {
      RowIndex current = index;
      return current.add(row) ? null : current;
    } finally {
      shared.unlock();
    }
  }

  private void makeRoom(RowIndex full) {
    Lock exclusive = structure.writeLock();
    exclusive.lock();
    try {
      if (index == full) {
        if (isLoading && full instanceof FlatIndex flat) {
          index = flat.grown();
        } else {
          compact();
        }
      }
    } finally {
      exclusive.unlock();
    }
  }

  /** Counts a row that has been retired. */
  void retired() {
    retired.incrementAndGet();
  }

  /** Lets go of the retired rows if there are many, unless another thread is at it. */
  void compactIfDue() {
    int gone = retired.get();
    if (isLoading || gone < COMPACTION_MINIMUM || gone < index.size() / COMPACTION_SHARE) {
      return;
    }
    Lock exclusive = structure.writeLock();
    if (exclusive.tryLock()) {
      try {
        compact();
      } finally {
        exclusive.unlock();
      }
    }
  }

  private void compact() {
    int before = index.size();
    RowIndex compacted = index.compacted();
    index = compacted;
    // A row may be counted only after it has gone: the difference is below zero until then.
    retired.addAndGet(compacted.size() - before);
  }

  List<HnswRow> nearest(float[] query, int limit, HnswRow.Moment moment) {
    return index.nearest(query, limit, moment);
  }

  int occupants() {
    return occupants;
  }

  /** Returns how many rows the index holds, retired ones included. */
  int size() {
    return index.size();
  }

  /** Returns whether rows are found through a graph, not by comparing them all. */
  boolean isGraph() {
    return index instanceof GraphIndex;
  }
}
