package dev.reprise.engine;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does writes later, one after the other, in their order, on one thread; it holds a bounded number
 * of them.
 */
final class WriteBehind implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WriteBehind.class);

  private final ThreadPoolExecutor executor;
  private final Duration closeWait;
  private final BlockingQueue<Runnable> queue;

  WriteBehind(int capacity, Duration closeWait) {
    this.closeWait = closeWait;
    this.queue = new LinkedBlockingQueue<>(capacity);
    this.executor =
        new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, queue, Threads.daemon("reprise-write-behind"));
    executor.prestartAllCoreThreads();
  }

  /**
   * Takes {@code write} to be done later. Returns false if the queue is full or closed; it is not
   * done then.
   */
  boolean offer(Runnable write) {
    try {
      executor.execute(() -> quietly(write));
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /**
   * Takes {@code write} to be done later, and waits for room as long as {@code patience}. Returns
   * false if there was none, or if it is closed; it is not done then.
   */
  boolean offer(Runnable write, Duration patience) throws InterruptedException {
    return !executor.isShutdown()
        && queue.offer(() -> quietly(write), patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Returns whether there is room for as many writes as there are. */
  boolean isHalfEmpty() {
    return queue.remainingCapacity() > queue.size() && !executor.isShutdown();
  }

  private static void quietly(Runnable write) {
    try {
      write.run();
    } catch (Throwable e) {
      LOG.warn("A write in the background failed; the next is tried", e);
    }
  }

  /**
   * Waits until everything that was offered before is done. Returns false if that takes longer than
   * {@code patience}.
   */
  boolean drain(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    if (executor.isShutdown()) {
      return executor.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS);
    }
    CompletableFuture<@Nullable Void> fence = new CompletableFuture<>();
    if (!queue.offer(() -> fence.complete(null), patience.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    try {
      fence.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new AssertionError("a fence completes, it never throws", e);
    }
  }

  /** Finishes what was offered, but waits no longer than it was told. */
  @Override
  public void close() {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(closeWait.toNanos(), TimeUnit.NANOSECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
