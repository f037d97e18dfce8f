package dev.reprise.engine;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds how many characters of chunks all flights keep together for those who join late. Safe for
 * use by several threads.
 */
final class KeptChunks {
  /** The share of the heap that may be kept: one in {@value}, at a byte or two a character. */
  private static final int ONE_IN = 32;

  private final long most;
  private final AtomicLong kept = new AtomicLong();

  /**
   * @param most how many characters
   */
  KeptChunks(long most) {
    this.most = most;
  }

  /** Returns the default: one character for each 32 bytes of the heap. */
  static KeptChunks ofHeap() {
    return new KeptChunks(Runtime.getRuntime().maxMemory() / ONE_IN);
  }

  /** Takes room for {@code characters}. Returns whether there is any. */
  boolean take(long characters) {
    if (kept.addAndGet(characters) <= most) {
      return true;
    }
    kept.addAndGet(-characters);
    return false;
  }

  /** Gives room back. */
  void giveBack(long characters) {
    kept.addAndGet(-characters);
  }

  /** Returns how many are kept now. */
  long kept() {
    return kept.get();
  }
}
