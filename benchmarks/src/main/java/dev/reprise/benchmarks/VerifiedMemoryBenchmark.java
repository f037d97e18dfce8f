package dev.reprise.benchmarks;

import dev.reprise.match.Matcher;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.verify.OnnxVerifier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A semantic hit in the process with the verified matcher and its default bound. Floor: the
 * embedding alone.
 */
@State(Scope.Benchmark)
public class VerifiedMemoryBenchmark {
  /** How many entries are cached. */
  @Param({"1000", "10000", "100000"})
  public int entries;

  private SemanticCache cache;
  private Hits otherWords;
  private Hits sameWords;

  /** Fills the cache. */
  @Setup(Level.Trial)
  public void fill() {
    Matcher matcher = Matcher.verified(OnnxVerifier.load(), WrongAnswerBound.defaults());
    cache = SemanticCache.inProcess(entries, matcher);
    otherWords = Hits.of(cache.engine, Workload::paraphrase);
    sameWords = Hits.of(cache.engine, Workload::greeting);
  }

  /** Closes the cache. */
  @TearDown(Level.Trial)
  public void close() {
    cache.engine.close();
  }

  /** The floor and the cache in turn; the verifier reads the question and the nearest one. */
  @Benchmark
  public Object reprise(Turn turn) {
    return ask(turn, otherWords);
  }

  /** The floor and the cache in turn; the words are the same, the verifier is not asked. */
  @Benchmark
  public Object repriseSameWords(Turn turn) {
    return ask(turn, sameWords);
  }

  private Object ask(Turn turn, Hits hits) {
    return turn.isFloors()
        ? cache.embedder.embed(hits.anyText())
        : cache.engine.getOrCompute(hits.anyRequest(), Expect.HIT);
  }
}
