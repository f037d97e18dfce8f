package dev.reprise.gateway.http;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the memory that the bodies of requests under way take together, or those of the replies to
 * them. Safe for use by several threads.
 */
public final class BodyMemory {
  /**
   * What a byte of a body takes: itself, the text that is read from it, and for a moment some more
   * while the text is read and the key is made.
   */
  static final int BYTES_PER_BYTE = 4;

  private final long most;
  private final AtomicLong taken = new AtomicLong();

  /**
   * @param most how many bytes they take together
   */
  public BodyMemory(long most) {
    this.most = most;
  }

  /** Returns a memory without a bound. */
  static BodyMemory unbounded() {
    return new BodyMemory(Long.MAX_VALUE);
  }

  /** Returns the bound where nobody sets one: a quarter of the heap. */
  public static long ofHeap() {
    return Runtime.getRuntime().maxMemory() / 4;
  }

  /** Returns how many bytes bodies may take together. */
  long most() {
    return most;
  }

  /** Returns how many bytes bodies take now. */
  long taken() {
    return taken.get();
  }

  /** Returns whether a body of {@code bytes} has room where no other one is. */
  boolean canHold(long bytes) {
    return bytes * BYTES_PER_BYTE <= most;
  }

  /** Returns a share of the memory that is empty at first. */
  public Share share() {
    return new Share();
  }

  /** What one body takes. Used by one thread at a time; it can be closed by any. */
  public final class Share implements AutoCloseable {
    private final AtomicLong own = new AtomicLong();
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private Share() {}

    /**
     * Takes what a body of {@code bytes} needs in all. Returns whether there is room; where not, it
     * has what it had.
     */
    public boolean growTo(long bytes) {
      long more = bytes * BYTES_PER_BYTE - own.get();
      if (more <= 0) {
        return true;
      }
      if (taken.addAndGet(more) > most) {
        taken.addAndGet(-more);
        return false;
      }
      own.addAndGet(more);
      if (isClosed.get()) {
        giveBack();
        return false;
      }
      return true;
    }

    /** Gives back what a body of {@code bytes} does not need. */
    void shrinkTo(long bytes) {
      long less = own.get() - bytes * BYTES_PER_BYTE;
      if (less > 0) {
        // Where it was closed meanwhile, that gave all of it back.
        long given = own.getAndUpdate(before -> Math.max(0, before - less));
        taken.addAndGet(-Math.min(given, less));
      }
    }

    private void giveBack() {
      taken.addAndGet(-own.getAndSet(0));
    }

    /** Gives it back. Does nothing the second time. */
    @Override
    public void close() {
      isClosed.set(true);
      giveBack();
    }
  }
}
