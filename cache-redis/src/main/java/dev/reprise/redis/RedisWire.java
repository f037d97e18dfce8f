package dev.reprise.redis;

import dev.reprise.tier.TierException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/** Makes commands, and reads answers. */
final class RedisWire {
  /** The longest that Redis is told to keep something, in milliseconds: about 140,000 years. */
  private static final long LONGEST_MILLISECONDS = 1L << 52;

  private RedisWire() {}

  static RedisCalls.Keyed command(byte[] key, Command command, byte[]... arguments) {
    CommandArguments all = new CommandArguments(command);
    for (byte[] argument : arguments) {
      all.add(argument);
    }
    return new RedisCalls.Keyed(key, all);
  }

  static RedisCalls.Keyed script(byte[] script, List<byte[]> keys, List<byte[]> arguments) {
    CommandArguments all = new CommandArguments(Command.EVAL);
    all.add(script).add(number(keys.size()));
    keys.forEach(all::add);
    arguments.forEach(all::add);
    return new RedisCalls.Keyed(keys.get(0), all);
  }

  static byte[] number(long number) {
    return RedisKeys.ascii(Long.toString(number));
  }

  static long milliseconds(Duration duration) {
    return duration.toSeconds() >= LONGEST_MILLISECONDS / 1_000
        ? LONGEST_MILLISECONDS
        : duration.toMillis();
  }

  static long milliseconds(Instant instant) {
    return Math.max(0, milliseconds(Duration.between(Instant.EPOCH, instant)));
  }

  static byte[] bytes(@Nullable Object answer) {
    if (answer instanceof byte[] bytes) {
      return bytes;
    }
    throw unexpected();
  }

  static String text(@Nullable Object answer) {
    return new String(bytes(answer), StandardCharsets.ISO_8859_1);
  }

  static List<?> list(@Nullable Object answer) {
    if (answer instanceof List<?> list) {
      return list;
    }
    throw unexpected();
  }

  static long integer(@Nullable Object answer) {
    if (answer instanceof Long number) {
      return number;
    }
    throw unexpected();
  }

  static TierException unexpected() {
    return new TierException(
        RedisExactTier.NAME,
        "an answer is not of the kind that its command has; look what listens there");
  }
}
