package dev.reprise.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.providers.ConnectionProvider;

/**
 * Asks sentinels or cluster nodes where the servers are: not before the first call, on a thread of
 * its own, so that a call waits for it no longer than its deadline, however many of them are down.
 */
final class Discovery<P extends ConnectionProvider> implements AutoCloseable {
  private static final int LONGEST_QUEUE = 4;

  private final Supplier<P> connect;
  private final Duration deadline;
  private final ThreadPoolExecutor thread;
  private final AtomicBoolean isRefreshing = new AtomicBoolean();
  private @Nullable CompletableFuture<P> found;
  private boolean isClosed;

  Discovery(Supplier<P> connect, Duration deadline) {
    this.connect = connect;
    this.deadline = deadline;
    thread =
        new ThreadPoolExecutor(
            1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(LONGEST_QUEUE), Discovery::daemon);
    thread.allowCoreThreadTimeOut(true);
  }

  /** Returns what knows the servers; waits for it until the deadline. */
  P get() {
    CompletableFuture<P> asked = asked();
    try {
      return asked.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new JedisConnectionException("nobody said in time where the servers are", e);
    } catch (InterruptedException e) {
      throw new JedisException("interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof JedisException cause) {
        throw cause;
      }
      throw new JedisException("nobody could say where the servers are", e.getCause());
    }
  }

  /** Returns the answer, or the question that is under way. What has failed is asked again. */
  private synchronized CompletableFuture<P> asked() {
    if (isClosed) {
      return CompletableFuture.failedFuture(new JedisException("the tier is closed"));
    }
    if (found == null || found.isCompletedExceptionally()) {
      found = CompletableFuture.supplyAsync(connect, thread);
    }
    return found;
  }

  /** Does {@code refresh} on the thread, unless it is doing so. */
  void refresh(Runnable refresh) {
    if (!isRefreshing.compareAndSet(false, true)) {
      return;
    }
    try {
      thread.execute(
          () -> {
            try {
              refresh.run();
            } catch (JedisException e) {
              // The servers cannot be asked now; the next call that fails asks again.
              return;
            } finally {
              isRefreshing.set(false);
            }
          });
    } catch (RejectedExecutionException e) {
      isRefreshing.set(false);
    }
  }

  @Override
  public void close() {
    CompletableFuture<P> last;
    synchronized (this) {
      isClosed = true;
      last = found;
      found = null;
    }
    if (last != null) {
      last.thenAccept(
          provider -> {
            try {
              provider.close();
            } catch (Exception e) {
              throw new CompletionException(e);
            }
          });
    }
    thread.shutdown();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "reprise-redis-discovery");
    thread.setDaemon(true);
    return thread;
  }
}
