package dev.reprise.benchmarks;

import dev.reprise.engine.CacheEngine;
import dev.reprise.key.ExactKey;
import dev.reprise.key.internal.Canonicalizer;
import dev.reprise.model.CacheRequest;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.tier.Entry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** An exact hit in the process. Floor: the canonical key, and a map. */
@State(Scope.Benchmark)
public class ExactMemoryBenchmark {
  /** How many entries are cached. */
  @Param({"1000", "10000", "100000"})
  public int entries;

  private final Map<ExactKey, Entry> map = new ConcurrentHashMap<>();
  private CacheRequest[] requests = {};
  private CacheEngine engine;

  /** Fills the cache. */
  @Setup(Level.Trial)
  public void fill() {
    CaffeineExactTier tier = CaffeineExactTier.builder().maximumBytes(1L << 30).build();
    requests = new CacheRequest[entries];
    for (int i = 0; i < entries; i++) {
      requests[i] = Workload.request(Workload.question(i));
      Entry entry = Workload.entry(i);
      tier.store(entry);
      map.put(entry.key(), entry);
    }
    engine = CacheEngine.builder().exactTier(tier).build();
  }

  /** Closes the cache. */
  @TearDown(Level.Trial)
  public void close() {
    engine.close();
  }

  private CacheRequest any() {
    return requests[ThreadLocalRandom.current().nextInt(requests.length)];
  }

  /** The floor and the cache in turn. */
  @Benchmark
  public @Nullable Object reprise(Turn turn) {
    return turn.isFloors()
        ? map.get(Canonicalizer.exactKey(any()))
        : engine.getOrCompute(any(), Expect.HIT);
  }
}
