package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/*
 * A table of hashes, each at the place that its last bits name: a key that is displaced by another is looked up once more than
 * need be. With it, an exact hit whose row is known costs one read of memory.
 */
/**
 * Remembers the entries whose row is known to be in the semantic tier, and says whether it is time
 * to look for another one. Safe for use by several threads.
 */
final class KnownRows {
  /** How many entries are remembered at most: {@value}. */
  static final int MOST = 1 << 16;

  /** So long after one row was looked for, the next is, in nanoseconds: {@value}. */
  static final long PAUSE = 100_000_000;

  private final LongSupplier nanoseconds;
  private final AtomicIntegerArray hashes = new AtomicIntegerArray(MOST);
  private final AtomicLong next;
  private final AtomicInteger age = new AtomicInteger();

  KnownRows(LongSupplier nanoseconds) {
    this.nanoseconds = nanoseconds;
    this.next = new AtomicLong(nanoseconds.getAsLong());
  }

  /** Takes note that an entry has its row. */
  void add(ExactKey key) {
    hashes.set(place(key), mark(key));
  }

  /** Returns whether an entry is known to have its row. */
  boolean has(ExactKey key) {
    return hashes.get(place(key)) == mark(key);
  }

  /** Takes note that an entry may have lost its row. */
  void remove(ExactKey key) {
    hashes.compareAndSet(place(key), mark(key), 0);
  }

  /**
   * Returns whether the row of an entry is to be looked for now: it is not known, and none was
   * looked for in the last tenth of a second. It is known from then on.
   */
  boolean mayLookFor(ExactKey key) {
    if (has(key)) {
      return false;
    }
    long now = nanoseconds.getAsLong();
    long due = next.get();
    if (now - due < 0 || !next.compareAndSet(due, now + PAUSE)) {
      return false;
    }
    add(key);
    return true;
  }

  /** Forgets all: a tier may lose rows by itself. */
  void forgetAll() {
    age.incrementAndGet();
  }

  private static int place(ExactKey key) {
    return key.hashCode() & (MOST - 1);
  }

  /** Returns what stands for an entry: never 0, and another number after {@link #forgetAll}. */
  private int mark(ExactKey key) {
    return (key.hashCode() + 31 * age.get()) | 1 << 31;
  }
}
