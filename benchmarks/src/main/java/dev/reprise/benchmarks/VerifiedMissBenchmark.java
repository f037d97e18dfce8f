package dev.reprise.benchmarks;

import dev.reprise.engine.Outcome;
import dev.reprise.match.Matcher;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.verify.OnnxVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a miss takes before the upstream is called, with the verified matcher and its default bound:
 * the requests ask for a cached answer only, so that nothing is called or stored. Floor: the
 * embedding alone.
 */
@State(Scope.Benchmark)
public class VerifiedMissBenchmark {
  /** How many entries are cached. */
  @Param({"1000", "10000", "100000"})
  public int entries;

  private SemanticCache cache;
  private List<Miss> near = List.of();
  private List<Miss> far = List.of();

  /** A question that is not answered, and its request. */
  private record Miss(String text, CacheRequest request) {}

  /** Fills the cache. */
  @Setup(Level.Trial)
  public void fill() {
    Matcher matcher = Matcher.verified(OnnxVerifier.load(), WrongAnswerBound.defaults());
    cache = SemanticCache.inProcess(entries, matcher);
    near = misses(Workload::nearMiss);
    far = misses(Workload::farMiss);
  }

  private List<Miss> misses(IntFunction<String> form) {
    List<Miss> misses = new ArrayList<>();
    for (int i = 0; i < Workload.ASKED; i++) {
      String text = form.apply(i);
      CacheRequest request =
          Workload.request(text)
              .withControl(CacheControl.DEFAULT.with(CacheControl.Directive.ONLY_IF_CACHED));
      if (cache.engine.getOrCompute(request, Expect.HIT) instanceof Outcome.Unsatisfied) {
        misses.add(new Miss(text, request));
      }
    }
    System.out.printf(
        "%d of %d questions miss, such as \"%s\"%n", misses.size(), Workload.ASKED, form.apply(0));
    if (misses.isEmpty()) {
      throw new IllegalStateException("a benchmark of misses needs some that miss");
    }
    return misses;
  }

  /** Closes the cache. */
  @TearDown(Level.Trial)
  public void close() {
    cache.engine.close();
  }

  /** The floor and the cache in turn; a question like it, about another place, is cached. */
  @Benchmark
  public Object repriseNear(Turn turn) {
    return ask(turn, near);
  }

  /** The floor and the cache in turn; nothing like it is cached. */
  @Benchmark
  public Object repriseFar(Turn turn) {
    return ask(turn, far);
  }

  private Object ask(Turn turn, List<Miss> misses) {
    Miss miss = misses.get(ThreadLocalRandom.current().nextInt(misses.size()));
    return turn.isFloors()
        ? cache.embedder.embed(miss.text())
        : cache.engine.getOrCompute(miss.request(), Expect.HIT);
  }
}
