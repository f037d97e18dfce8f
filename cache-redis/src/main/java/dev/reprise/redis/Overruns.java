package dev.reprise.redis;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.Connection;

/**
 * Cuts calls off that go on behind their deadline although bytes keep coming: a socket's time-out
 * counts from the last byte. One thread looks at all calls under way, a few times a deadline, and
 * sleeps while there are none.
 */
final class Overruns implements AutoCloseable {
  private static final int LOOKS_PER_DEADLINE = 4;
  private static final long IDLE_NANOSECONDS = 1_000_000_000L;

  private final long deadlineNanoseconds;
  private final Set<Watch> watched = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean isIdle;
  private volatile boolean isClosed;

  Overruns(Duration deadline) {
    deadlineNanoseconds = deadline.toNanos();
    thread = new Thread(this::run, "reprise-redis-deadline");
    thread.setDaemon(true);
    thread.start();
  }

  /** Watches a call until it is closed. */
  Watch watch(Connection connection) {
    Watch watch = new Watch(this, connection, System.nanoTime());
    watched.add(watch);
    if (isIdle) {
      isIdle = false;
      LockSupport.unpark(thread);
    }
    return watch;
  }

  @Override
  public void close() {
    isClosed = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    long lastSeen = System.nanoTime();
    while (!isClosed) {
      long now = System.nanoTime();
      for (Watch watch : watched) {
        lastSeen = now;
        if (now - watch.startedAt > deadlineNanoseconds) {
          watch.cutOff();
        }
      }
      if (now - lastSeen < IDLE_NANOSECONDS) {
        LockSupport.parkNanos(this, Math.max(1_000_000L, deadlineNanoseconds / LOOKS_PER_DEADLINE));
      } else {
        isIdle = true;
        if (watched.isEmpty() && !isClosed) {
          LockSupport.park(this);
        }
        isIdle = false;
        lastSeen = System.nanoTime();
      }
    }
  }

  /** A call under way. */
  static final class Watch implements AutoCloseable {
    private final Overruns overruns;
    private final Connection connection;
    private final long startedAt;
    private boolean isOver;

    private Watch(Overruns overruns, Connection connection, long startedAt) {
      this.overruns = overruns;
      this.connection = connection;
      this.startedAt = startedAt;
    }

    /** Ends the watch. The connection is not touched any more when this returns. */
    @Override
    public void close() {
      overruns.watched.remove(this);
      synchronized (this) {
        isOver = true;
      }
    }

    private synchronized void cutOff() {
      if (isOver) {
        return;
      }
      try {
        connection.forceDisconnect();
      } catch (IOException e) {
        // It is cut off either way: its socket is closed.
        return;
      }
    }
  }
}
