package dev.reprise.redis;

import static dev.reprise.redis.RedisWire.bytes;
import static dev.reprise.redis.RedisWire.command;
import static dev.reprise.redis.RedisWire.list;
import static dev.reprise.redis.RedisWire.text;

import dev.reprise.tier.SharedLog;
import dev.reprise.tier.TierException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Protocol.Command;

/*
 * A record has a name of its writer's: one that was sent twice, since the first answer was lost, is read once.
 */
/** A shared log as a stream of Redis. Each process reads all of it, from where it was last. */
final class RedisLog implements SharedLog {
  private static final Logger LOG = LoggerFactory.getLogger(RedisExactTier.class);

  private static final int RECORDS_PER_PAGE = 200;

  /** So many names of records are remembered. */
  private static final int MOST_NAMES = 1_000;

  /** Stands for the record before the first. */
  private static final String NONE = "0-0";

  private static final byte[] RECORD = RedisKeys.ascii("r");
  private static final byte[] NAME = RedisKeys.ascii("n");

  private final RedisCalls calls;
  private final byte[] key;
  private final int mostRecords;
  private final String writer;
  private final Runnable start;
  private final AtomicLong count = new AtomicLong();
  private final Set<String> names =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > MOST_NAMES;
            }
          });
  private volatile @Nullable Reader reader;
  private String last = NONE;

  /** Whether this process has appended a record to the stream that is there. */
  private volatile boolean hasAppended;

  /**
   * @param writer names this process, and no other
   * @param start has {@link #read} called from time to time
   */
  RedisLog(RedisCalls calls, byte[] key, Topic topic, String writer, Runnable start) {
    this.calls = calls;
    this.key = key;
    this.mostRecords = topic.mostRecords();
    this.writer = writer + "-";
    this.start = start;
  }

  @Override
  public void append(String record) {
    calls.send(
        command(
            key,
            Command.XADD,
            key,
            RedisKeys.ascii("MAXLEN"),
            RedisKeys.ascii("~"),
            RedisWire.number(mostRecords),
            RedisKeys.ascii("*"),
            RECORD,
            record.getBytes(StandardCharsets.UTF_8),
            NAME,
            RedisKeys.ascii(writer + count.incrementAndGet())));
    hasAppended = true;
  }

  @Override
  public void follow(Reader reader) {
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
    Reader told = reader;
    while (told != null) {
      boolean isThere = hasAppended;
      // From the one that was read last: it is there, unless the server has lost the stream.
      List<?> page = page(last.equals(NONE) ? "-" : last);
      boolean isContinued = !page.isEmpty() && id(page.get(0)).equals(last);
      boolean isLost = last.equals(NONE) ? page.isEmpty() && isThere : !isContinued;
      if (isLost) {
        page = page("-");
        // A stream of which so much was written that its beginning was cut off is a long one.
        if (page.size() < RECORDS_PER_PAGE) {
          LOG.warn(
              "tier {}: the server has lost what instances told each other ({}); what this one"
                  + " knows is told again where it can be. Redis needs persistence (AOF) and no"
                  + " eviction",
              RedisExactTier.NAME,
              RedisWire.text(key));
          last = NONE;
          hasAppended = false;
          told.lost();
        } else {
          page = page("(" + last);
        }
      }
      for (Object each : isContinued ? page.subList(1, page.size()) : page) {
        give(told, list(list(each).get(1)));
        last = id(each);
      }
      if (page.size() < RECORDS_PER_PAGE) {
        return;
      }
    }
  }

  private List<?> page(String from) {
    return list(
        calls.send(
            command(
                key,
                Command.XRANGE,
                key,
                RedisKeys.ascii(from),
                RedisKeys.ascii("+"),
                RedisKeys.ascii("COUNT"),
                RedisWire.number(RECORDS_PER_PAGE))));
  }

  private static String id(Object record) {
    return text(list(record).get(0));
  }

  private void give(Reader told, List<?> fields) {
    if (fields.size() < 2) {
      return;
    }
    String name = fields.size() < 4 ? "" : text(fields.get(3));
    if (!name.isEmpty() && !names.add(name)) {
      return;
    }
    try {
      told.read(
          new String(bytes(fields.get(1)), StandardCharsets.UTF_8),
          name.startsWith(writer) ? Writer.THIS : Writer.ANOTHER);
    } catch (RuntimeException e) {
      LOG.warn("tier {}: a record of the shared log could not be used", RedisExactTier.NAME, e);
    }
  }
}
