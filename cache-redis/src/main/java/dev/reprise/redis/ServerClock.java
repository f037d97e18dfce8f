package dev.reprise.redis;

import static dev.reprise.redis.RedisWire.command;
import static dev.reprise.redis.RedisWire.list;
import static dev.reprise.redis.RedisWire.text;

import dev.reprise.tier.Beginning;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/*
 * All processes compare moments by the clock of one server, so that their own clocks may differ. Between two readings the time
 * goes on by this process's clock. A reading was made before it was received, so what is told is the server's time or somewhat
 * before it, by as long as the answer took; the best reading of the last seconds counts. After a failover, or where somebody sets the
 * clock, the time may be earlier than it was: then the new one counts at once, and what began before is told in it.
 */
/** Tells the time of the server, or somewhat before it. Safe for use by several threads. */
final class ServerClock {
  private static final long MOST_AGE = TimeUnit.SECONDS.toNanos(10);

  /**
   * A server's time that is so much earlier than it should be has been set back, in microseconds.
   */
  private static final long SET_BACK = TimeUnit.SECONDS.toMicros(1);

  private final LongSupplier server;
  private final LongSupplier nanoseconds;
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
    this(() -> microseconds(list(calls.send(command(key, Command.TIME)))), System::nanoTime);
  }

  /**
   * @param server asks the server for its time in microseconds since 1970
   * @param nanoseconds this process's clock
   */
  ServerClock(LongSupplier server, LongSupplier nanoseconds) {
    this.server = server;
    this.nanoseconds = nanoseconds;
  }

  /** Asks the server. Returns its time in microseconds since 1970. */
  long ask() {
    long time = server.getAsLong();
    heard(new Reading(nanoseconds.getAsLong(), time));
    return time;
  }

  private static long microseconds(List<?> answer) {
    return Long.parseLong(text(answer.get(0))) * 1_000_000 + Long.parseLong(text(answer.get(1)));
  }

  private synchronized void heard(Reading now) {
    Reading before = best;
    if (before == null
        || now.nanoseconds() - before.nanoseconds() > MOST_AGE
        || now.server() > before.at(now.nanoseconds())
        || now.server() < before.at(now.nanoseconds()) - SET_BACK) {
      best = now;
    }
  }

  /** Returns the present moment, without I/O. */
  Beginning now() {
    long now = nanoseconds.getAsLong();
    Reading known = best;
    return new Beginning(
        now,
        known == null || now - known.nanoseconds() > MOST_AGE ? Beginning.UNKNOWN : known.at(now));
  }

  /**
   * Returns the server's time at {@code beginning}, or somewhat before it, in microseconds since
   * 1970; asks the server where it is not known yet.
   */
  long at(Beginning beginning) {
    if (beginning.server() == Beginning.UNKNOWN) {
      ask();
    }
    Reading known = best;
    long now = known == null ? 0 : known.at(beginning.nanoseconds());
    return beginning.server() == Beginning.UNKNOWN ? now : Math.min(now, beginning.server());
  }
}
