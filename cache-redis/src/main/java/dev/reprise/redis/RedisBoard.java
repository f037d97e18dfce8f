package dev.reprise.redis;

import static dev.reprise.redis.RedisWire.bytes;
import static dev.reprise.redis.RedisWire.command;
import static dev.reprise.redis.RedisWire.list;
import static dev.reprise.redis.RedisWire.milliseconds;
import static dev.reprise.redis.RedisWire.number;

import dev.reprise.tier.InstanceBoard;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.Protocol.Keyword;

/*
 * The text of each instance is a key that expires. A sorted set has their names, scored by when they were shown, so that they are
 * found without a walk over all keys. A name stays in the set for some time longer than its text: clocks differ.
 */
/** Texts of instances on Redis. */
final class RedisBoard implements InstanceBoard {
  private static final Duration NAMES_STAY = Duration.ofHours(1);

  private final RedisCalls calls;
  private final RedisKeys keys;
  private final InstantSource clock;

  RedisBoard(RedisCalls calls, RedisKeys keys, InstantSource clock) {
    this.calls = calls;
    this.keys = keys;
    this.clock = clock;
  }

  @Override
  public void show(String instance, String text, Duration life) {
    byte[] key = keys.instance(instance);
    calls.send(
        command(
            key,
            Command.SET,
            key,
            text.getBytes(StandardCharsets.UTF_8),
            Keyword.PX.getRaw(),
            number(milliseconds(life))));
    byte[] names = keys.instances();
    long now = milliseconds(clock.instant());
    calls.send(
        command(
            names, Command.ZADD, names, number(now), instance.getBytes(StandardCharsets.UTF_8)));
    calls.send(
        command(
            names,
            Command.ZREMRANGEBYSCORE,
            names,
            RedisKeys.ascii("-inf"),
            number(now - milliseconds(NAMES_STAY))));
  }

  @Override
  public void hide(String instance) {
    byte[] key = keys.instance(instance);
    calls.send(command(key, Command.UNLINK, key));
  }

  @Override
  public Map<String, String> texts() {
    byte[] set = keys.instances();
    List<String> names = new ArrayList<>();
    for (Object name :
        list(
            calls.send(
                command(set, Command.ZREVRANGE, set, number(0), number(MOST_INSTANCES - 1))))) {
      names.add(new String(bytes(name), StandardCharsets.UTF_8));
    }
    List<RedisCalls.Keyed> commands = new ArrayList<>();
    for (String name : names) {
      byte[] key = keys.instance(name);
      commands.add(command(key, Command.GET, key));
    }
    List<@Nullable Object> answers = calls.sendAll(commands);
    Map<String, String> texts = new TreeMap<>();
    for (int i = 0; i < names.size(); i++) {
      Object text = answers.get(i);
      if (text != null) {
        texts.put(names.get(i), new String(bytes(text), StandardCharsets.UTF_8));
      }
    }
    return texts;
  }
}
