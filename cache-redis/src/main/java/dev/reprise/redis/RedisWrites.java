package dev.reprise.redis;

import static dev.reprise.redis.RedisWire.bytes;
import static dev.reprise.redis.RedisWire.command;
import static dev.reprise.redis.RedisWire.integer;
import static dev.reprise.redis.RedisWire.list;
import static dev.reprise.redis.RedisWire.milliseconds;
import static dev.reprise.redis.RedisWire.number;
import static dev.reprise.redis.RedisWire.script;
import static dev.reprise.redis.RedisWire.text;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Tag;
import dev.reprise.tier.Beginning;
import dev.reprise.tier.Entry;
import dev.reprise.tier.TierException;
import dev.reprise.tier.TierFullException;
import dev.reprise.tier.TierUnreachableException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.Protocol.Keyword;

/*
 * Invalidation stamps the tag first and removes then; storing looks at the stamp last (in a cluster) or in the same step. So whichever
 * comes first, an answer that began before the stamp is not there in the end. Others are told when all is removed: who is told before
 * could fetch once more what is about to go.
 */
/** Stores and removes entries. */
final class RedisWrites {
  private static final Logger LOG = LoggerFactory.getLogger(RedisExactTier.class);

  private static final int MEMBERS_PER_PAGE = 1_000;
  private static final int SCANNED_PER_PAGE = 500;
  private static final long NOT_ASKED = -1;

  /** A little less than stamps are kept. */
  private static final long MOST_AGE =
      TimeUnit.MILLISECONDS.toNanos(RedisScripts.STAMP_MILLISECONDS) - TimeUnit.MINUTES.toNanos(1);

  private final RedisCalls calls;
  private final RedisKeys keys;
  private final boolean isCluster;
  private final InstantSource clock;
  private final ServerClock time;
  private final Removals removals;
  private final Eviction eviction;
  private final AtomicBoolean isRefusalTold = new AtomicBoolean();

  RedisWrites(
      RedisCalls calls,
      RedisKeys keys,
      boolean isCluster,
      InstantSource clock,
      ServerClock time,
      Removals removals,
      Eviction eviction) {
    this.calls = calls;
    this.keys = keys;
    this.isCluster = isCluster;
    this.clock = clock;
    this.time = time;
    this.removals = removals;
    this.eviction = eviction;
  }

  void store(Entry entry) {
    store(entry, NOT_ASKED);
  }

  /** Returns false if it was not stored, since a tag was invalidated after {@code beginning}. */
  boolean store(Entry entry, Beginning beginning) {
    if (entry.tags().isEmpty() || beginning.equals(Beginning.LOCAL)) {
      return store(entry, NOT_ASKED);
    }
    if (System.nanoTime() - beginning.nanoseconds() > MOST_AGE) {
      return false;
    }
    return store(entry, permitted(() -> time.at(beginning), NOT_ASKED));
  }

  private boolean store(Entry entry, long began) {
    Instant now = clock.instant();
    if (entry.isExpired(now)) {
      return true;
    }
    byte[] value = StoredValue.encode(entry);
    byte[] name = keys.entry(entry.key());
    byte[] life = number(Math.max(1, milliseconds(entry.remaining(now))));
    List<byte[]> tags = entry.tags().stream().map(keys::tag).toList();
    if (tags.isEmpty()) {
      set(name, value, life);
      return true;
    }
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(RedisKeys.ascii(entry.key().hex()));
    arguments.add(number(milliseconds(entry.expiresAt())));
    arguments.add(number(milliseconds(now)));
    arguments.add(number(RedisScripts.MARGIN_MILLISECONDS));
    List<byte[]> stamps = entry.tags().stream().map(keys::stamp).toList();
    if (!isCluster) {
      List<byte[]> all = new ArrayList<>(List.of(name));
      all.addAll(tags);
      all.addAll(stamps);
      arguments.add(value);
      arguments.add(life);
      arguments.add(number(began));
      return integer(calls.send(script(RedisScripts.STORE, all, arguments))) == 1;
    }
    // The keys are on several servers, so that no script can have them all. The sets come first:
    // what is in a set and was not stored does no harm, the other way round it could not be
    // invalidated.
    if (wasStamped(stamps, began)) {
      return false;
    }
    calls.sendAll(
        tags.stream().map(tag -> script(RedisScripts.INDEX, List.of(tag), arguments)).toList());
    set(name, value, life);
    if (wasStamped(stamps, began)) {
      calls.send(command(name, Command.UNLINK, name));
      return false;
    }
    return true;
  }

  private boolean wasStamped(List<byte[]> stamps, long began) {
    if (began == NOT_ASKED) {
      return false;
    }
    List<@Nullable Object> answers =
        calls.sendAll(stamps.stream().map(stamp -> command(stamp, Command.GET, stamp)).toList());
    return answers.stream()
        .anyMatch(answer -> answer != null && Long.parseLong(text(answer)) > began);
  }

  private void set(byte[] name, byte[] value, byte[] life) {
    calls.send(command(name, Command.SET, name, value, Keyword.PX.getRaw(), life));
  }

  boolean remove(ExactKey key) {
    byte[] name = keys.entry(key);
    boolean was = integer(calls.send(command(name, Command.UNLINK, name))) > 0;
    publish(removals.message(key));
    return was;
  }

  long invalidate(Tag tag) {
    byte[] stamp = keys.stamp(tag);
    long now = permitted(time::ask, NOT_ASKED);
    boolean isStamped = now == NOT_ASKED || stamp(stamp, now);
    long count = removeMembers(tag);
    if (eviction.mayHaveEvictedSets()) {
      count += removeByWalk(tag);
    }
    if (!isStamped) {
      // There may be room now. Where not, no answer is stored either, and others hear of the
      // removal in the next moment.
      stamp(stamp, now);
    }
    publish(removals.message(tag));
    return count;
  }

  /** Returns false if the server has no memory for it: to remove takes none. */
  private boolean stamp(byte[] stamp, long now) {
    try {
      calls.send(script(RedisScripts.STAMP, List.of(stamp), List.of(number(now))));
      return true;
    } catch (TierFullException e) {
      return false;
    }
  }

  private long removeMembers(Tag tag) {
    byte[] set = keys.tag(tag);
    byte[] mark = RedisKeys.mark(tag);
    long now = milliseconds(clock.instant());
    long count = 0;
    // From the member that expires last: what is taken out meanwhile, is so at the other end.
    // Members stay in the set until they expire. If they were taken out, one that is stored again
    // at this moment could be lost from it.
    for (long page = 0; ; page++) {
      List<?> members = page(set, page * MEMBERS_PER_PAGE);
      List<RedisCalls.Keyed> commands = new ArrayList<>();
      List<Boolean> alive = new ArrayList<>();
      for (int i = 0; i + 1 < members.size(); i += 2) {
        byte[] name = keys.entry(text(members.get(i)));
        commands.add(script(RedisScripts.UNLINK_IF_TAGGED, List.of(name), List.of(mark)));
        alive.add(Double.parseDouble(text(members.get(i + 1))) > now);
      }
      List<@Nullable Object> answers = calls.sendAll(commands);
      for (int i = 0; i < answers.size(); i++) {
        if (alive.get(i)) {
          count += integer(answers.get(i));
        }
      }
      if (commands.size() < MEMBERS_PER_PAGE) {
        return count;
      }
    }
  }

  /** Removes the entries with a tag whose set may be gone: looks at all entries. */
  private long removeByWalk(Tag tag) {
    byte[] mark = RedisKeys.mark(tag);
    long count = 0;
    for (HostAndPort server : calls.servers()) {
      byte[] cursor = RedisKeys.START;
      do {
        List<?> page = list(calls.send(server, keys.nextPage(cursor, SCANNED_PER_PAGE)));
        cursor = bytes(page.get(0));
        List<RedisCalls.Keyed> commands = new ArrayList<>();
        for (Object name : list(page.get(1))) {
          // What another prefix, which begins with this one, calls its entries is none of ours.
          if (keys.exactKey(bytes(name)).isPresent()) {
            commands.add(
                script(RedisScripts.UNLINK_IF_TAGGED, List.of(bytes(name)), List.of(mark)));
          }
        }
        for (Object removed : calls.sendAll(commands)) {
          count += integer(removed);
        }
      } while (!Arrays.equals(cursor, RedisKeys.START));
    }
    return count;
  }

  /** Returns members and their scores in turn, the highest score first. */
  private List<?> page(byte[] set, long from) {
    return list(
        calls.send(
            command(
                set,
                Command.ZREVRANGE,
                set,
                number(from),
                number(from + MEMBERS_PER_PAGE - 1),
                Keyword.WITHSCORES.getRaw())));
  }

  private void publish(byte[] message) {
    byte[] channel = keys.removals();
    permitted(
        () -> integer(calls.send(command(channel, Command.PUBLISH, channel, message))), NOT_ASKED);
  }

  /** A question to the server that an ACL of an earlier version may not allow. */
  private interface Question {
    long ask();
  }

  /** Returns the answer; {@code otherwise} where the server refuses, which is told once. */
  private long permitted(Question question, long otherwise) {
    try {
      return question.ask();
    } catch (TierUnreachableException e) {
      throw e;
    } catch (TierException e) {
      if (isRefusalTold.compareAndSet(false, true)) {
        LOG.warn(
            "tier {}: the server refuses what several instances need to be one cache; removals do"
                + " not reach the others at once: {}",
            RedisExactTier.NAME,
            e.getMessage());
      }
      return otherwise;
    }
  }
}
