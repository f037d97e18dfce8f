package dev.reprise.benchmarks;

import dev.reprise.embed.Embedder;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.match.Matcher;
import dev.reprise.model.Answer;
import dev.reprise.tier.CaffeineExactTier;
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
public class MissBenchmark {
  /** Nothing is near enough to any question of the workload. */
  private static final Matcher ONLY_THE_SAME = Matcher.threshold(1);

  private static final Answer ANSWER = Workload.answer(0);

  /** Questions that nobody asked before. */
  private static final AtomicInteger NEXT = new AtomicInteger(10_000_000);

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
      cache = SemanticCache.inProcess(entries, ONLY_THE_SAME);
    }

    /** Closes the cache. */
    @TearDown(Level.Trial)
    public void close() {
      cache.engine.close();
    }
  }

  /** A filled cache without a semantic tier, and the embedder that it does not need. */
  @State(Scope.Benchmark)
  public static class ExactOnly {
    /** How many entries are cached. */
    @Param({"1000", "10000", "100000"})
    public int entries;

    private final Embedder embedder = MiniLmEmbedder.load();
    private CacheEngine engine;

    /** Fills the cache. */
    @Setup(Level.Trial)
    public void fill() {
      CaffeineExactTier tier = CaffeineExactTier.builder().build();
      for (int i = 0; i < entries; i++) {
        tier.store(Workload.entry(i));
      }
      engine = CacheEngine.builder().exactTier(tier).build();
    }

    /** Closes the cache. */
    @TearDown(Level.Trial)
    public void close() {
      engine.close();
    }
  }

  private static String newText() {
    return Workload.question(NEXT.incrementAndGet());
  }

  private static String farText() {
    int number = NEXT.incrementAndGet();
    return Workload.farMiss(number) + " (question " + number + ")";
  }

  private static Outcome miss(CacheEngine engine, String text) {
    Outcome outcome = engine.getOrCompute(Workload.request(text), () -> ANSWER);
    if (!(outcome instanceof Outcome.Computed)) {
      throw new IllegalStateException("a miss was expected, not " + outcome);
    }
    return outcome;
  }

  /**
   * The floor, and in turn the cache with both tiers: look up exactly and by meaning, call, store.
   */
  @Benchmark
  public Object reprise(Turn turn, Filled filled) {
    return turn.isFloors()
        ? filled.cache.embedder.embed(newText())
        : miss(filled.cache.engine, newText());
  }

  /** The same for questions that have nothing to do with any that is cached. */
  @Benchmark
  public Object repriseFar(Turn turn, Filled filled) {
    return turn.isFloors()
        ? filled.cache.embedder.embed(farText())
        : miss(filled.cache.engine, farText());
  }

  /** The floor, and in turn the cache with the exact tier only: look up, call, store. */
  @Benchmark
  public Object repriseExactOnly(Turn turn, ExactOnly exactOnly) {
    return turn.isFloors()
        ? exactOnly.embedder.embed(newText())
        : miss(exactOnly.engine, newText());
  }
}
