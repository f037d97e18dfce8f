package dev.reprise.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine's threads: for tiers, for streams and for upkeep. */
final class EngineThreads {
  private static final Logger LOG = LoggerFactory.getLogger(CacheEngine.class);

  /** Two exact tiers, the semantic tier's reads, its writes. */
  private static final int GUARDS = 4;

  private static final int DELIVERY_THREADS = 64;

  private final Duration followerWait;
  private final ExecutorService tierCalls;
  private final ExecutorService deliveries;
  private final ExecutorService leaders;
  private final ScheduledThreadPoolExecutor maintenance;

  EngineThreads(Duration followerWait) {
    this.followerWait = followerWait;
    // Each guard has a thread for each of its permits, so that one slow tier takes none from
    // another.
    this.tierCalls =
        new ThreadPoolExecutor(
            0,
            GUARDS * TierGuard.CALLS_AT_ONCE,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Threads.daemon("reprise-tier"));
    this.deliveries = deliveryThreads();
    this.leaders = leaderThreads();
    this.maintenance = new ScheduledThreadPoolExecutor(1, Threads.daemon("reprise-maintenance"));
    maintenance.setRemoveOnCancelPolicy(true);
  }

  /*
   * Each follower of a stream has at most one task in the queue: callers bound it. A stream that goes on after the engine was
   * closed still gets its end, on a thread of its own.
   */
  private static ExecutorService deliveryThreads() {
    ThreadFactory threads = Threads.daemon("reprise-stream");
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            DELIVERY_THREADS,
            DELIVERY_THREADS,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            threads,
            (task, unused) -> threads.newThread(task).start());
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /*
   * Streams that waited for another engine go on here, one thread each: callers bound them. An upstream may need its thread until
   * the stream ends, so that the followers' threads are not for it.
   */
  private static ExecutorService leaderThreads() {
    ThreadFactory threads = Threads.daemon("reprise-leader");
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        30,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        threads,
        (task, unused) -> threads.newThread(task).start());
  }

  /** Returns what runs the calls of tiers whose deadline the engine keeps. */
  Executor tierCalls() {
    return tierCalls;
  }

  /** Returns what delivers chunks to the followers of a stream. */
  Executor deliveries() {
    return deliveries;
  }

  /** Returns what goes on with streams that waited for another engine. */
  Executor leaders() {
    return leaders;
  }

  /** Returns how long an equal call is waited for. */
  Duration followerWait() {
    return followerWait;
  }

  /** Runs {@code task} once the follower's wait is over; never, if the engine was closed. */
  Future<?> afterFollowerWait(Runnable task) {
    try {
      return maintenance.schedule(task, followerWait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(null);
    }
  }

  /** Runs {@code task} again and again, {@code interval} after its last end. */
  void schedule(Runnable task, Duration interval) {
    var unused =
        maintenance.scheduleWithFixedDelay(
            () -> {
              try {
                task.run();
              } catch (Throwable e) {
                LOG.warn("Maintenance of the cache failed; it goes on", e);
              }
            },
            interval.toNanos(),
            interval.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  /** Ends upkeep. */
  void stopMaintenance() {
    maintenance.shutdownNow();
  }

  /** Ends the calls of tiers; streams under way still get their end. */
  void close() {
    tierCalls.shutdownNow();
    deliveries.shutdown();
    leaders.shutdown();
  }
}
