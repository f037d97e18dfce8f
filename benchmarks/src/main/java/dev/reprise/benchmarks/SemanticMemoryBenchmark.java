package dev.reprise.benchmarks;

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
  private Hits hits;

  /** Fills the cache. */
  @Setup(Level.Trial)
  public void fill() {
    cache = SemanticCache.inProcess(entries, SemanticCache.THRESHOLD);
    hits = Hits.of(cache.engine, Workload::paraphrase);
  }

  /** Closes the cache. */
  @TearDown(Level.Trial)
  public void close() {
    cache.engine.close();
  }

  /** The floor and the cache in turn. */
  @Benchmark
  public Object reprise(Turn turn) {
    return turn.isFloors()
        ? cache.embedder.embed(hits.anyText())
        : cache.engine.getOrCompute(hits.anyRequest(), Expect.HIT);
  }
}
