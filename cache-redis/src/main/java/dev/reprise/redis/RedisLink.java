package dev.reprise.redis;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.BinaryJedisPubSub;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.util.IOUtils;

/*
 * One connection of its own reads what is published. A connection may die without a sign, and a server may go on without being the
 * master any more. So the link says "ping" four times a second, takes a second of silence for a lost connection, and looks whether
 * the server is still the one that has the channel's slot.
 *
 * Watching and asking have a thread each: a server that hangs holds up those who ask, but not those who notice it.
 */
/** Hears what other processes publish, and does what is to be done from time to time. */
final class RedisLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedisExactTier.class);

  private static final long BEAT_MILLISECONDS = 250;

  /** So long a server may be silent before the connection is taken for lost. */
  private static final long MOST_SILENCE = TimeUnit.SECONDS.toNanos(1);

  /** So long copies are served without being told of removals. */
  private static final long TRUST = TimeUnit.SECONDS.toNanos(2);

  private static final long RECONNECT_MILLISECONDS = 100;

  private final byte[] channel;
  private final RedisCalls calls;
  private final Function<HostAndPort, Connection> connect;
  private final Removals removals;
  private final Runnable upkeep;
  private final AtomicBoolean isStarted = new AtomicBoolean();
  private volatile boolean isClosed;
  private volatile @Nullable Subscription current;
  private @Nullable ScheduledExecutorService threads;
  private volatile long togetherAt;
  private boolean isApart;

  /**
   * @param connect opens a connection that is not of the pool
   * @param upkeep is run from time to time; may throw
   */
  RedisLink(
      byte[] channel,
      RedisCalls calls,
      Function<HostAndPort, Connection> connect,
      Removals removals,
      Runnable upkeep) {
    this.channel = channel;
    this.calls = calls;
    this.connect = connect;
    this.removals = removals;
    this.upkeep = upkeep;
  }

  /** Starts the threads, once. */
  void start() {
    if (!isStarted.compareAndSet(false, true)) {
      return;
    }
    togetherAt = System.nanoTime();
    ScheduledExecutorService started =
        Executors.newScheduledThreadPool(
            3,
            task -> {
              Thread thread = new Thread(task, "reprise-redis-link");
              thread.setDaemon(true);
              return thread;
            });
    threads = started;
    var unusedListening =
        started.scheduleWithFixedDelay(
            this::listen, 0, RECONNECT_MILLISECONDS, TimeUnit.MILLISECONDS);
    var unusedWatching =
        started.scheduleWithFixedDelay(
            this::watch, BEAT_MILLISECONDS, BEAT_MILLISECONDS, TimeUnit.MILLISECONDS);
    var unusedReading =
        started.scheduleWithFixedDelay(this::keepUp, 0, BEAT_MILLISECONDS, TimeUnit.MILLISECONDS);
  }

  /** Connects, and reads until the connection is lost. */
  private void listen() {
    if (isClosed) {
      return;
    }
    @Nullable Connection connection = null;
    try {
      HostAndPort server = calls.node(channel);
      connection = connect.apply(server);
      Subscription subscription = new Subscription(server, connection);
      current = subscription;
      subscription.proceed(connection, channel);
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.debug("The subscription to removals ended; it is made anew", e);
    } finally {
      current = null;
      IOUtils.closeQuietly(connection);
    }
  }

  private void watch() {
    try {
      Subscription subscription = current;
      boolean isHeard = subscription != null && subscription.isSubscribed();
      if (subscription != null) {
        subscription.watch();
      }
      if (isHeard) {
        togetherAt = System.nanoTime();
      } else if (!isApart && System.nanoTime() - togetherAt > TRUST) {
        apart();
      }
    } catch (RuntimeException e) {
      LOG.debug("The subscription to removals could not be watched", e);
    }
  }

  private synchronized void apart() {
    isApart = true;
    removals.apart();
  }

  private synchronized void together() {
    isApart = false;
    togetherAt = System.nanoTime();
    removals.together();
  }

  private void keepUp() {
    try {
      if (!isClosed) {
        upkeep.run();
      }
    } catch (RuntimeException e) {
      LOG.debug("The server could not be asked; it is asked again", e);
    }
  }

  @Override
  public void close() {
    isClosed = true;
    ScheduledExecutorService started = threads;
    if (started != null) {
      started.shutdownNow();
    }
    Subscription subscription = current;
    if (subscription != null) {
      subscription.end();
    }
  }

  /** One connection's life. */
  private final class Subscription extends BinaryJedisPubSub {
    private final HostAndPort server;
    private final Connection connection;
    private volatile long heardAt = System.nanoTime();

    Subscription(HostAndPort server, Connection connection) {
      this.server = server;
      this.connection = connection;
    }

    @Override
    public void onSubscribe(byte[] name, int count) {
      heardAt = System.nanoTime();
      together();
    }

    @Override
    public void onMessage(byte[] name, byte[] message) {
      heardAt = System.nanoTime();
      removals.received(message);
    }

    @Override
    public void onPong(byte[] pattern) {
      heardAt = System.nanoTime();
    }

    void watch() {
      if (System.nanoTime() - heardAt > MOST_SILENCE) {
        end();
        return;
      }
      if (isSubscribed()) {
        try {
          ping();
        } catch (RuntimeException e) {
          end();
        }
      }
      if (!calls.node(channel).equals(server)) {
        end();
      }
    }

    /** Ends the connection under its reader, without a word to the server. */
    void end() {
      try {
        connection.disconnect();
      } catch (RuntimeException e) {
        LOG.debug("A connection could not be closed", e);
      }
    }
  }
}
