package dev.reprise.engine;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds how many requests embed and match at the same time, and how long one waits for its turn.
 * Embedding and matching take processor time: more of them at once than there are processors make
 * each other slow, and the calls of the upstream behind them late.
 */
final class SearchBudget {
  private final Semaphore permits;
  private final long patience;

  /**
   * @param permits how many search at the same time
   * @param patience how long one waits for its turn
   */
  SearchBudget(int permits, Duration patience) {
    this.permits = new Semaphore(permits);
    this.patience = patience.toNanos();
  }

  /** Takes a permit. Returns false if there was none in time, or if the caller is interrupted. */
  boolean enter() {
    if (permits.tryAcquire()) {
      return true;
    }
    try {
      return permits.tryAcquire(patience, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      // The caller's own upstream call will notice it.
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Gives a permit back. */
  void leave() {
    permits.release();
  }
}
