package dev.reprise.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits until another thread or process has made a condition true. A test that waits for a fixed
 * time instead is slow on a fast machine and wrong on a slow one.
 */
public final class Eventually {
  /** How long a condition may take: 30 seconds. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(2);

  private Eventually() {}

  /** The condition that a test waits for. */
  @FunctionalInterface
  public interface Condition {
    /**
     * Returns whether it holds now.
     *
     * @throws Exception if that cannot be found out; the wait ends with it
     */
    boolean holds() throws Exception;
  }

  /**
   * Returns as soon as {@code condition} holds.
   *
   * @param what the condition in words, for the failure's message
   * @throws AssertionError if the condition does not hold within {@link #PATIENCE} or throws an
   *     exception, or the thread is interrupted
   */
  public static void that(String what, Condition condition) {
    that(what, PATIENCE, condition);
  }

  /**
   * Returns as soon as {@code condition} holds.
   *
   * @param what the condition in words, for the failure's message
   * @param patience how long the condition may take
   * @throws AssertionError if the condition does not hold within {@code patience} or throws an
   *     exception, or the thread is interrupted
   */
  public static void that(String what, Duration patience, Condition condition) {
    long end = System.nanoTime() + patience.toNanos();
    while (!holds(what, condition)) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within " + patience + ": " + what);
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new AssertionError("interrupted while waiting: " + what);
      }
      LockSupport.parkNanos(PAUSE);
    }
  }

  private static boolean holds(String what, Condition condition) {
    try {
      return condition.holds();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting: " + what, e);
    } catch (Exception e) {
      throw new AssertionError("failed while waiting: " + what, e);
    }
  }
}
