package dev.reprise.redis;

import static dev.reprise.redis.RedisWire.bytes;
import static dev.reprise.redis.RedisWire.command;
import static dev.reprise.redis.RedisWire.list;
import static dev.reprise.redis.RedisWire.text;

import dev.reprise.tier.SharedLog;
import dev.reprise.tier.TierException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Protocol.Command;

/** The shared log as a stream of Redis. Each process reads all of it, from where it was last. */
final class RedisLog implements SharedLog {
  private static final Logger LOG = LoggerFactory.getLogger(RedisExactTier.class);

  /** About so many records are kept: as many as an engine remembers. */
  private static final int MOST_RECORDS = 10_000;

  private static final int RECORDS_PER_PAGE = 200;
  private static final byte[] FIELD = RedisKeys.ascii("r");

  private final RedisCalls calls;
  private final byte[] name;
  private final Runnable start;
  private volatile @Nullable Consumer<String> reader;
  private String last = "0-0";

  /**
   * @param start has {@link #read} called from time to time
   */
  RedisLog(RedisCalls calls, byte[] name, Runnable start) {
    this.calls = calls;
    this.name = name;
    this.start = start;
  }

  @Override
  public void append(String record) {
    calls.send(
        command(
            name,
            Command.XADD,
            name,
            RedisKeys.ascii("MAXLEN"),
            RedisKeys.ascii("~"),
            RedisWire.number(MOST_RECORDS),
            RedisKeys.ascii("*"),
            FIELD,
            record.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void follow(Consumer<String> reader) {
    this.reader = reader;
    try {
      read();
    } catch (TierException e) {
      LOG.debug("The shared log cannot be read yet; it is tried again", e);
    }
    start.run();
  }

  /** Reads what was not read yet. */
  synchronized void read() {
    Consumer<String> told = reader;
    while (told != null) {
      List<?> page =
          list(
              calls.send(
                  command(
                      name,
                      Command.XRANGE,
                      name,
                      RedisKeys.ascii("(" + last),
                      RedisKeys.ascii("+"),
                      RedisKeys.ascii("COUNT"),
                      RedisWire.number(RECORDS_PER_PAGE))));
      for (Object each : page) {
        List<?> record = list(each);
        give(told, record);
        last = text(record.get(0));
      }
      if (page.size() < RECORDS_PER_PAGE) {
        return;
      }
    }
  }

  private static void give(Consumer<String> reader, List<?> record) {
    List<?> fields = list(record.get(1));
    if (fields.size() < 2) {
      return;
    }
    try {
      reader.accept(new String(bytes(fields.get(1)), StandardCharsets.UTF_8));
    } catch (RuntimeException e) {
      LOG.warn("tier {}: a record of the shared log could not be used", RedisExactTier.NAME, e);
    }
  }
}
