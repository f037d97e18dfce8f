package dev.reprise.benchmarks;

import dev.reprise.engine.CacheEngine;
import dev.reprise.key.ExactKey;
import dev.reprise.key.internal.Canonicalizer;
import dev.reprise.model.CacheRequest;
import dev.reprise.redis.RedisExactTier;
import dev.reprise.tier.Entry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.util.JedisURIHelper;

/*
 * Where a processor that idles is halted, as in a virtual machine, a GET takes three times as long as soon as its client does
 * anything between two of them: the server's processor has to be woken. So there is a second floor that does something, too.
 */
/** An exact hit on Redis. Floor: a GET of the same bytes by Jedis. */
@State(Scope.Benchmark)
public class ExactRedisBenchmark {
  private static final String PREFIX = "benchmark:";
  private static final int CONNECTIONS = 32;

  /** How many entries are cached. */
  @Param({"1000", "10000", "100000"})
  public int entries;

  private CacheRequest[] requests = {};
  private byte[][] keys = {};
  private CacheEngine engine;
  private RedisClient jedis;

  /** Fills the cache. */
  @Setup(Level.Trial)
  public void fill() {
    String url = Servers.redisUrl();
    RedisExactTier tier =
        RedisExactTier.builder(url)
            .keyPrefix(PREFIX)
            .maximumConnections(CONNECTIONS)
            .deadline(Servers.PATIENCE)
            .build();
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(CONNECTIONS);
    pool.setMaxIdle(CONNECTIONS);
    URI uri = URI.create(url);
    jedis =
        RedisClient.builder()
            .hostAndPort(JedisURIHelper.getHostAndPort(uri))
            .clientConfig(DefaultJedisClientConfig.builder(uri).build())
            .poolConfig(pool)
            .build();
    requests = new CacheRequest[entries];
    keys = new byte[entries][];
    for (int i = 0; i < entries; i++) {
      requests[i] = Workload.request(Workload.question(i));
      Entry entry = Workload.entry(i);
      tier.store(entry);
      keys[i] = name(entry.key());
    }
    if (jedis.get(keys[0]) == null) {
      throw new IllegalStateException("the floor does not read what the cache has written");
    }
    engine = CacheEngine.builder().exactTier(tier).build();
  }

  /** Removes what was stored, and closes the cache. */
  @TearDown(Level.Trial)
  public void close() {
    for (byte[] key : keys) {
      jedis.unlink(key);
    }
    engine.close();
    jedis.close();
  }

  private static byte[] name(ExactKey key) {
    return (PREFIX + "entry:" + key.hex()).getBytes(StandardCharsets.UTF_8);
  }

  private int any() {
    return ThreadLocalRandom.current().nextInt(entries);
  }

  /** The floor and the cache in turn. */
  @Benchmark
  public Object reprise(Turn turn) {
    return turn.isFloors()
        ? jedis.get(keys[any()])
        : engine.getOrCompute(requests[any()], Expect.HIT);
  }

  /** A floor that makes the request's key before its GET, and the cache in turn. */
  @Benchmark
  public Object repriseFloorWithKey(Turn turn) {
    return turn.isFloors()
        ? jedis.get(name(Canonicalizer.exactKey(requests[any()])))
        : engine.getOrCompute(requests[any()], Expect.HIT);
  }
}
