package dev.reprise.benchmarks.load;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** How fast the soak asks: as fast as it is answered, or at a fixed rate whatever comes back. */
final class Pace {
  /** No more may be under way at a fixed rate: a gateway so far behind has failed. */
  private static final int MOST_UNDER_WAY = 3_000;

  private final Mix mix;
  private final Asker asker;
  private final Ledger ledger;

  Pace(Mix mix, Asker asker, Ledger ledger) {
    this.mix = mix;
    this.asker = asker;
    this.ledger = ledger;
  }

  private Ask next() {
    synchronized (mix) {
      return mix.next();
    }
  }

  /**
   * Keeps so many requests under way for so long.
   *
   * @return how many ended a second
   */
  double closedLoop(int underWay, double seconds) throws InterruptedException {
    long begin = System.nanoTime();
    long end = begin + (long) (seconds * 1e9);
    long endsBefore = ledger.ends();
    CountDownLatch open = new CountDownLatch(underWay);
    for (int i = 0; i < underWay; i++) {
      again(end, open);
    }
    open.await();
    return (ledger.ends() - endsBefore) / ((System.nanoTime() - begin) / 1e9);
  }

  private void again(long end, CountDownLatch open) {
    if (System.nanoTime() >= end) {
      open.countDown();
      return;
    }
    var unused = asker.send(next(), System.nanoTime()).thenRunAsync(() -> again(end, open));
  }

  /**
   * Sends at a fixed rate for so long, and waits for what is under way then.
   *
   * @param progress is told of each second that is over
   */
  void openLoop(double perSecond, double seconds, Runnable progress) throws InterruptedException {
    long begin = System.nanoTime();
    long requests = (long) (perSecond * seconds);
    long nextProgress = begin;
    for (long i = 0; i < requests; i++) {
      long due = begin + (long) (i * 1e9 / perSecond);
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
      if (ledger.underWay() < MOST_UNDER_WAY) {
        var unused = asker.send(next(), due);
      } else {
        ledger.failed("not sent: " + MOST_UNDER_WAY + " were under way");
      }
      if (due >= nextProgress) {
        progress.run();
        nextProgress += 1_000_000_000;
      }
    }
  }
}
