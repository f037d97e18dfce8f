package dev.reprise.benchmarks;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.MiniLmEmbedder;
import dev.reprise.engine.Outcome;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A semantic hit in the process. Floor: the embedding alone. */
public class SemanticMemoryBenchmark {
  /** What the floor needs. */
  @State(Scope.Benchmark)
  public static class Bare {
    /** How many entries are cached in the row beside this floor; nothing is here. */
    @Param({"1000", "10000", "100000"})
    public int entries;

    final Embedder embedder = MiniLmEmbedder.load();
  }

  /** A filled cache. */
  @State(Scope.Benchmark)
  public static class Filled {
    /** How many entries are cached. */
    @Param({"1000", "10000", "100000"})
    public int entries;

    private SemanticCache cache;

    /** Fills the cache. */
    @Setup(Level.Trial)
    public void fill() {
      cache = SemanticCache.inProcess(entries, SemanticCache.THRESHOLD);
    }

    /** Closes the cache. */
    @TearDown(Level.Trial)
    public void close() {
      cache.engine.close();
    }
  }

  /** The floor. */
  @Benchmark
  public Embedder.Embedding floor(Bare bare) {
    return bare.embedder.embed(SemanticCache.anyText());
  }

  /** The cache. */
  @Benchmark
  public Outcome reprise(Filled filled) {
    return filled.cache.engine.getOrCompute(filled.cache.anyRequest(), Expect.HIT);
  }
}
