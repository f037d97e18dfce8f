package dev.reprise.redis;

import dev.reprise.tier.TierBusyException;
import dev.reprise.tier.TierException;
import dev.reprise.tier.TierFullException;
import dev.reprise.tier.TierUnreachableException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisAskDataException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.exceptions.JedisRedirectionException;
import redis.clients.jedis.util.IOUtils;

/**
 * Sends commands to the servers that have their keys, within a deadline, and says in a {@link
 * TierException} what went wrong. All commands here may be sent twice without harm.
 */
final class RedisCalls implements AutoCloseable {
  /** How a server begins to say that its memory is full. */
  private static final String FULL = "OOM";

  private static final int MOST_ATTEMPTS = 4;

  /** What a server answers that will answer by itself later. */
  private static final Set<String> NOT_READY =
      Set.of("LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN");

  private final RedisTopology topology;
  private final String tier;
  private final String address;
  private final Duration deadline;
  private final Overruns overruns;

  RedisCalls(RedisTopology topology, String tier, String address, Duration deadline) {
    this.topology = topology;
    this.tier = tier;
    this.address = address;
    this.deadline = deadline;
    this.overruns = new Overruns(deadline);
  }

  /** A command with its arguments, and the key, one of them, that says where to send it. */
  static final class Keyed {
    private final byte[] key;
    private final CommandArguments arguments;

    Keyed(byte[] key, CommandArguments arguments) {
      this.key = key;
      this.arguments = arguments;
    }
  }

  /** Sends a command and returns the server's answer. */
  @Nullable Object send(Keyed command) {
    long end = System.nanoTime() + deadline.toNanos();
    try {
      return send(command, end);
    } catch (RuntimeException e) {
      throw translated(e);
    } catch (OutOfMemoryError e) {
      throw nonsense(e);
    }
  }

  /**
   * Sends commands, those for one server in one round trip, and returns the answers in the same
   * order. The deadline holds for each round trip.
   */
  List<@Nullable Object> sendAll(List<Keyed> commands) {
    try {
      Map<Object, List<Integer>> byServer = new LinkedHashMap<>();
      for (int i = 0; i < commands.size(); i++) {
        Object server = topology.server(commands.get(i).key);
        byServer.computeIfAbsent(server, any -> new ArrayList<>()).add(i);
      }
      @Nullable Object[] answers = new @Nullable Object[commands.size()];
      for (List<Integer> indexes : byServer.values()) {
        sendTogether(commands, indexes, answers);
      }
      return Arrays.asList(answers);
    } catch (RuntimeException e) {
      throw translated(e);
    } catch (OutOfMemoryError e) {
      throw nonsense(e);
    }
  }

  /** Returns where the server is that has {@code key}. */
  HostAndPort node(byte[] key) {
    try {
      return topology.node(key);
    } catch (RuntimeException e) {
      throw translated(e);
    }
  }

  /** Returns the servers that have keys. */
  List<HostAndPort> servers() {
    try {
      return topology.servers();
    } catch (RuntimeException e) {
      throw translated(e);
    }
  }

  /** Sends a command that is about all keys of one server, and returns its answer. */
  @Nullable Object send(HostAndPort server, CommandArguments command) {
    long end = System.nanoTime() + deadline.toNanos();
    try {
      return send(server, command, end);
    } catch (RuntimeException e) {
      throw translated(e);
    } catch (OutOfMemoryError e) {
      throw nonsense(e);
    }
  }

  @Override
  public void close() {
    overruns.close();
    topology.close();
  }

  private @Nullable Object send(Keyed command, long end) {
    @Nullable JedisRedirectionException redirection = null;
    for (int attempt = 1; ; attempt++) {
      @Nullable Connection connection = null;
      try {
        connection =
            redirection == null
                ? topology.connection(command.key)
                : topology.connection(target(redirection));
        limitReads(connection, end);
        Overruns.Watch watch = overruns.watch(connection);
        try {
          if (redirection instanceof JedisAskDataException) {
            connection.executeCommand(Command.ASKING);
          }
          return connection.executeCommand(command.arguments);
        } catch (JedisConnectionException e) {
          throw watch.explained(e);
        } finally {
          watch.close();
        }
      } catch (JedisRedirectionException e) {
        if (attempt == MOST_ATTEMPTS || System.nanoTime() - end > 0) {
          throw e;
        }
        redirection = e;
        if (e instanceof JedisMovedDataException) {
          topology.moved();
        }
      } catch (JedisConnectionException e) {
        // A pool's connection dies with a restart of its server. The others are as dead: they are
        // dropped, so that not every one of them costs a call, and a new one is tried at once.
        boolean wasOpen = connection != null;
        if (attempt > 1 || !wasOpen || isTimeout(e) || System.nanoTime() - end > 0) {
          lost(command.key, e);
          throw e;
        }
        lost(command.key, e);
      } finally {
        IOUtils.closeQuietly(connection);
      }
    }
  }

  private @Nullable Object send(HostAndPort server, CommandArguments command, long end) {
    for (int attempt = 1; ; attempt++) {
      @Nullable Connection connection = null;
      try {
        connection = topology.connection(server);
        return execute(connection, command, end);
      } catch (JedisConnectionException e) {
        boolean isAgain = attempt == 1 && connection != null && !isTimeout(e);
        lost(() -> topology.lost(server), e);
        if (!isAgain || System.nanoTime() - end > 0) {
          throw e;
        }
      } finally {
        IOUtils.closeQuietly(connection);
      }
    }
  }

  private @Nullable Object execute(Connection connection, CommandArguments command, long end) {
    limitReads(connection, end);
    Overruns.Watch watch = overruns.watch(connection);
    try {
      return connection.executeCommand(command);
    } catch (JedisConnectionException e) {
      throw watch.explained(e);
    } finally {
      watch.close();
    }
  }

  private void sendTogether(
      List<Keyed> commands, List<Integer> indexes, @Nullable Object[] answers) {
    byte[] key = commands.get(indexes.get(0)).key;
    long end = System.nanoTime() + deadline.toNanos();
    List<Object> replies;
    @Nullable Connection connection = null;
    try {
      connection = topology.connection(key);
      limitReads(connection, end);
      Overruns.Watch watch = overruns.watch(connection);
      try {
        for (int index : indexes) {
          connection.sendCommand(commands.get(index).arguments);
        }
        replies = connection.getMany(indexes.size());
      } catch (JedisConnectionException e) {
        throw watch.explained(e);
      } finally {
        watch.close();
      }
    } catch (JedisConnectionException e) {
      lost(key, e);
      throw e;
    } finally {
      IOUtils.closeQuietly(connection);
    }
    for (int i = 0; i < indexes.size(); i++) {
      Object reply = replies.get(i);
      if (reply instanceof JedisRedirectionException) {
        reply = send(commands.get(indexes.get(i)), System.nanoTime() + deadline.toNanos());
      } else if (reply instanceof JedisDataException e) {
        throw e;
      }
      answers[indexes.get(i)] = reply;
    }
  }

  /** Lets the time that a connection took to come count, but leaves a new one a chance. */
  private void limitReads(Connection connection, long end) {
    long left = (end - System.nanoTime()) / 1_000_000;
    connection.setSoTimeout((int) Math.max(Math.max(1, deadline.toMillis() / 4), left));
  }

  private void lost(byte[] key, JedisConnectionException why) {
    lost(() -> topology.lost(key), why);
  }

  private static void lost(Runnable note, JedisConnectionException why) {
    try {
      note.run();
    } catch (JedisException e) {
      why.addSuppressed(e);
    }
  }

  private static HostAndPort target(JedisRedirectionException redirection) {
    return redirection.getTargetNode();
  }

  private TierException translated(RuntimeException e) {
    if (has(e, InterruptedException.class)) {
      Thread.currentThread().interrupt();
      return new TierException(tier, "the call to " + address + " was interrupted", e);
    }
    if (e instanceof JedisDataException refusal) {
      // Only the first word, which is the kind of error: the rest may quote the command, and with
      // it a password. For the same reason, there is no cause.
      String answer = Objects.requireNonNullElse(refusal.getMessage(), "");
      // Before version 7 a script's error begins with ERR, whatever it is.
      String kind = answer.contains(FULL + " command not allowed") ? FULL : firstWord(answer);
      String said = address + " answered " + kind + ": " + advice(kind);
      if (kind.equals(FULL)) {
        return new TierFullException(tier, said, null);
      }
      return NOT_READY.contains(kind)
          ? new TierUnreachableException(tier, said, null)
          : new TierException(tier, said);
    }
    if (has(e, NoSuchElementException.class)) {
      return new TierBusyException(
          tier,
          "no connection to "
              + address
              + " became free within "
              + deadline.toMillis()
              + " ms; raise maximumConnections, or look why the server is slow",
          e);
    }
    if (isTimeout(e)) {
      return new TierUnreachableException(
          tier,
          address
              + " did not answer within "
              + deadline.toMillis()
              + " ms; look at the server's load and SLOWLOG, or raise the deadline",
          e);
    }
    if (e instanceof JedisException) {
      return new TierUnreachableException(
          tier,
          "no connection to "
              + address
              + "; look whether it runs, whether the URL's host, port and TLS are right, and"
              + " whether its certificate is trusted",
          e);
    }
    return nonsense(e);
  }

  /** An answer that breaks the protocol may ask for an array of any size. */
  private TierException nonsense(Throwable e) {
    return new TierException(
        tier, address + " does not answer as a Redis server does; look what listens there", e);
  }

  private static String advice(String kind) {
    return switch (kind) {
      case "NOAUTH", "WRONGPASS" -> "check user and password in the URL";
      case "NOPERM" ->
          "the ACL user needs +get +set +unlink +eval +zadd +zremrangebyscore"
              + " +zrevrange +pexpire +getrange +scan +xadd +xrange on keys with the prefix, +time"
              + " +info +ping, and +publish +subscribe on the channel with the prefix";
      case "READONLY" -> "it is a replica; the URL must lead to the master";
      case FULL -> "its memory is full; raise maxmemory";
      default -> NOT_READY.contains(kind) ? "it is not ready yet" : "look at the server's log";
    };
  }

  private static String firstWord(@Nullable String message) {
    String[] words = String.valueOf(message).split(" ", 2);
    return words[0].matches("[A-Z]{2,20}") ? words[0] : "an error";
  }

  private static boolean isTimeout(Throwable e) {
    return has(e, SocketTimeoutException.class) || has(e, TimeoutException.class);
  }

  private static boolean has(Throwable e, Class<? extends Throwable> kind) {
    for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
