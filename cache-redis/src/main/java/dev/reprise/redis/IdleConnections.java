package dev.reprise.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisException;

/*
 * Every hit takes a connection and gives it back. Jedis' own pool reads the clock and takes locks several times for it, which costs a
 * quarter of what Java does for a GET.
 */
/**
 * The connections to one server, the last one used first. Closing a connection gives it back. One
 * that nobody has used for a minute is not handed out any more: it is closed as one is taken or
 * given back. Safe for use by several threads.
 */
final class IdleConnections implements AutoCloseable {
  private static final long LONGEST_IDLE = TimeUnit.MINUTES.toNanos(1);

  private final HostAndPort server;
  private final JedisClientConfig client;
  private final Duration patience;
  private final LongSupplier nanoseconds;
  private final Semaphore free;

  /** Idle ones, the last one used first. Guarded by itself. */
  private final Deque<Pooled> idle = new ArrayDeque<>();

  private boolean isClosed;

  /**
   * @param most how many are open at most
   * @param patience how long to wait for one at most
   */
  IdleConnections(
      HostAndPort server,
      JedisClientConfig client,
      int most,
      Duration patience,
      LongSupplier nanoseconds) {
    this.server = server;
    this.client = client;
    this.patience = patience;
    this.nanoseconds = nanoseconds;
    this.free = new Semaphore(most);
  }

  /**
   * Returns a connection, perhaps a new one.
   *
   * @throws JedisException because of a {@link NoSuchElementException} if none became free, because
   *     of an {@link InterruptedException} if the thread was interrupted, or because the server
   *     cannot be reached
   */
  Connection take() {
    try {
      if (!free.tryAcquire() && !free.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new JedisException(
            "all connections are in use", new NoSuchElementException("no free connection"));
      }
    } catch (InterruptedException e) {
      throw new JedisException("interrupted while waiting for a connection", e);
    }
    boolean isTaken = false;
    try {
      Pooled connection = poll();
      if (connection == null) {
        connection = new Pooled(this, server, client);
      }
      isTaken = true;
      return connection;
    } finally {
      if (!isTaken) {
        free.release();
      }
    }
  }

  /** Returns the last one used; null if none is idle, or all have been for too long. */
  private @Nullable Pooled poll() {
    synchronized (idle) {
      Pooled connection = idle.peekFirst();
      if (connection == null) {
        return null;
      }
      if (nanoseconds.getAsLong() - connection.idleSince <= LONGEST_IDLE) {
        idle.removeFirst();
        connection.isIdle = false;
        return connection;
      }
    }
    // All behind it have been idle for longer.
    clear();
    return null;
  }

  private void giveBack(Pooled connection) {
    boolean isKept = false;
    Pooled old = null;
    synchronized (idle) {
      if (connection.isIdle || connection.isGone) {
        return;
      }
      long now = nanoseconds.getAsLong();
      if (!isClosed && !connection.isBroken()) {
        isKept = true;
        connection.isIdle = true;
        connection.idleSince = now;
        idle.addFirst(connection);
        Pooled last = idle.peekLast();
        if (last != null && now - last.idleSince > LONGEST_IDLE) {
          old = idle.pollLast();
        }
      } else {
        connection.isGone = true;
      }
    }
    free.release();
    if (!isKept) {
      connection.disconnectQuietly();
    }
    if (old != null) {
      old.disconnectQuietly();
    }
  }

  /** Closes those that are idle. */
  void clear() {
    List<Pooled> all;
    synchronized (idle) {
      all = new ArrayList<>(idle);
      idle.clear();
    }
    all.forEach(Pooled::disconnectQuietly);
  }

  /** Closes those that are idle, and the others as they are given back. */
  @Override
  public void close() {
    synchronized (idle) {
      isClosed = true;
    }
    clear();
  }

  /** A connection that is given back when it is closed. */
  private static final class Pooled extends Connection {
    private final IdleConnections home;
    private boolean isIdle;
    private boolean isGone;
    private long idleSince;

    Pooled(IdleConnections home, HostAndPort server, JedisClientConfig client) {
      super(server, client);
      this.home = home;
    }

    @Override
    public void close() {
      home.giveBack(this);
    }

    private void disconnectQuietly() {
      isGone = true;
      try {
        disconnect();
      } catch (JedisException e) {
        // It is of no use any more either way.
        setBroken();
      }
    }
  }
}
