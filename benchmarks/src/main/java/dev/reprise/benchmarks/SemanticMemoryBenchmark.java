package dev.reprise.benchmarks;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.MiniLmEmbedder;
import dev.reprise.engine.Outcome;
import dev.reprise.tier.HnswSemanticTier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A semantic hit in the process. Floor: the embedding alone. */
@State(Scope.Benchmark)
public class SemanticMemoryBenchmark {
  /** How many entries are cached. */
  @Param({"1000", "10000", "100000"})
  public int entries;

  private SemanticCache cache;

  /** Fills the cache. */
  @Setup(Level.Trial)
  public void fill() {
    MiniLmEmbedder embedder = MiniLmEmbedder.load();
    HnswSemanticTier tier =
        HnswSemanticTier.builder(embedder.dimension()).maximumEntries(2 * entries).build();
    cache = new SemanticCache(embedder, tier, entries, rows -> rows.forEach(tier::store));
  }

  /** Closes the cache. */
  @TearDown(Level.Trial)
  public void close() {
    cache.engine.close();
  }

  /** The floor. */
  @Benchmark
  public Embedder.Embedding floor() {
    return cache.embedder.embed(SemanticCache.anyText());
  }

  /** The cache. */
  @Benchmark
  public Outcome reprise() {
    return cache.engine.getOrCompute(cache.anyRequest(), Expect.HIT);
  }
}
