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

/**
 * Does writes later, one after the other, in their order, on one thread; it holds a bounded number
 * of them.
 */
final class WriteBehind implements AutoCloseable {
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
      executor.execute(write);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /**
   * Waits until everything that was offered before is done. Returns false if that takes longer than
   * {@code patience}.
   */
  boolean drain(Duration patience) throws InterruptedException {
    CompletableFuture<@Nullable Void> fence = new CompletableFuture<>();
    if (!queue.offer(() -> fence.complete(null), patience.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    try {
      fence.get(patience.toNanos(), TimeUnit.NANOSECONDS);
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
