package dev.reprise.redis;

import static dev.reprise.redis.RedisWire.command;
import static dev.reprise.redis.RedisWire.list;
import static dev.reprise.redis.RedisWire.text;

import dev.reprise.tier.Beginning;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/*
 * All processes compare moments by the clock of one server, so that their own clocks may differ. Between two readings the time
 * goes on by this process's clock. A reading was made before it was received, so what is told is the server's time or somewhat
 * before it, by as long as the answer took; the best reading of the last seconds counts.
 */
/** Tells the time of the server, or somewhat before it. Safe for use by several threads. */
final class ServerClock {
  private static final long MOST_AGE = TimeUnit.SECONDS.toNanos(10);

  private final RedisCalls calls;
  private final byte[] key;
  private volatile @Nullable Reading best;

  private record Reading(long nanoseconds, long server) {
    long at(long moment) {
      return server + (moment - nanoseconds) / 1_000;
    }
  }

  /**
   * @param key the server that has this key tells the time
   */
  ServerClock(RedisCalls calls, byte[] key) {
    this.calls = calls;
    this.key = key;
  }

  /** Asks the server. Returns its time in microseconds since 1970. */
  long ask() {
    List<?> answer = list(calls.send(command(key, Command.TIME)));
    long server = Long.parseLong(text(answer.get(0))) * 1_000_000 + microseconds(answer);
    heard(new Reading(System.nanoTime(), server));
    return server;
  }

  private static long microseconds(List<?> answer) {
    return Long.parseLong(text(answer.get(1)));
  }

  private synchronized void heard(Reading now) {
    Reading before = best;
    if (before == null
        || now.nanoseconds() - before.nanoseconds() > MOST_AGE
        || now.server() > before.at(now.nanoseconds())) {
      best = now;
    }
  }

  /** Returns the present moment, without I/O. */
  Beginning now() {
    long nanoseconds = System.nanoTime();
    Reading known = best;
    return new Beginning(
        nanoseconds,
        known == null || nanoseconds - known.nanoseconds() > MOST_AGE
            ? Beginning.UNKNOWN
            : known.at(nanoseconds));
  }

  /**
   * Returns the server's time at {@code beginning}, in microseconds since 1970; asks the server
   * where it is not known yet.
   */
  long at(Beginning beginning) {
    if (beginning.server() != Beginning.UNKNOWN) {
      return beginning.server();
    }
    ask();
    Reading known = best;
    return known == null ? 0 : known.at(beginning.nanoseconds());
  }
}
