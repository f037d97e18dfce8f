package dev.reprise.benchmarks;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.MiniLmEmbedder;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.model.Answer;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.tier.HnswSemanticTier;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a miss adds to the upstream's time: everything, since this upstream answers at once. Floor:
 * the embedding alone.
 */
@State(Scope.Benchmark)
public class MissBenchmark {
  /** How many entries are cached. */
  @Param({"1000", "10000", "100000"})
  public int entries;

  private final AtomicInteger next = new AtomicInteger(10_000_000);
  private final Answer answer = Workload.answer(0);
  private SemanticCache cache;
  private CacheEngine exactOnly;

  /** Fills the cache. */
  @Setup(Level.Trial)
  public void fill() {
    MiniLmEmbedder embedder = MiniLmEmbedder.load();
    HnswSemanticTier tier =
        HnswSemanticTier.builder(embedder.dimension()).maximumEntries(2 * entries).build();
    cache = new SemanticCache(embedder, tier, entries, rows -> rows.forEach(tier::store));
    exactOnly = CacheEngine.builder().exactTier(CaffeineExactTier.builder().build()).build();
  }

  /** Closes the cache. */
  @TearDown(Level.Trial)
  public void close() {
    cache.engine.close();
    exactOnly.close();
  }

  private String newText() {
    return Workload.question(next.incrementAndGet());
  }

  /** The floor. */
  @Benchmark
  public Embedder.Embedding floor() {
    return cache.embedder.embed(newText());
  }

  /** The cache with both tiers: look up exactly and by meaning, call, store. */
  @Benchmark
  public Outcome reprise() {
    return cache.engine.getOrCompute(Workload.request(newText()), () -> answer);
  }

  /** The cache with the exact tier only: look up, call, store. */
  @Benchmark
  public Outcome repriseExactOnly() {
    return exactOnly.getOrCompute(Workload.request(newText()), () -> answer);
  }
}
