package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.embed.Embedder;
import dev.reprise.match.Matcher;
import dev.reprise.model.Answer;
import dev.reprise.testing.FlatSemanticTier;
import dev.reprise.testing.HashEmbedder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Thousands of threads at once: virtual ones where Java has them. */
@Timeout(120)
class ManyThreadsTest {
  private static final int THREADS = 5_000;
  private static final int SEARCHES = 2;

  private final ExecutorService threads = threads();
  private final CountDownLatch gate = new CountDownLatch(1);

  /** An embedder that does not come back before the gate opens. */
  private final class Stuck implements Embedder {
    private final HashEmbedder embedder = new HashEmbedder();

    @Override
    public String id() {
      return "stuck";
    }

    @Override
    public int dimension() {
      return embedder.dimension();
    }

    @Override
    public Embedding embed(String text) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
      return embedder.embed(text);
    }
  }

  private static ExecutorService threads() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException e) {
      // Java 17.
      return Executors.newCachedThreadPool();
    }
  }

  @AfterEach
  void stop() {
    gate.countDown();
    threads.shutdownNow();
  }

  private List<Future<Outcome>> ask(CacheEngine engine, AtomicInteger calls, boolean isEqual) {
    List<Future<Outcome>> asked = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      String question = "What is number " + (isEqual ? 0 : i) + "?";
      asked.add(
          threads.submit(
              () ->
                  engine.getOrCompute(
                      EngineFixture.request(question),
                      () -> {
                        calls.incrementAndGet();
                        return Answer.ofText(question);
                      })));
    }
    return asked;
  }

  @Test
  void equalRequestsMakeOneCall() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (CacheEngine engine = CacheEngine.builder().build()) {
      for (Future<Outcome> outcome : ask(engine, calls, true)) {
        assertThat(((Outcome.Answered) outcome.get(60, TimeUnit.SECONDS)).answer().text())
            .isEqualTo("What is number 0?");
      }
    }
    assertThat(calls).hasValue(1);
  }

  /** Those that find no turn to embed are answered by the model, however long the others take. */
  @Test
  void aStuckEmbedderHoldsUpNoMoreThanItsTurns() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Stuck embedder = new Stuck();
    try (CacheEngine engine =
        CacheEngine.builder()
            .semanticTier(
                new FlatSemanticTier(embedder.dimension(), InstantSource.system()), embedder)
            .matcher(Matcher.threshold(0.9))
            .searchesAtOnce(SEARCHES)
            .searchWait(Duration.ofMillis(5))
            .probeInterval(Duration.ofMinutes(10))
            .build()) {
      List<Future<Outcome>> asked = ask(engine, calls, false);
      EngineFixture.await(
          "all but " + SEARCHES + " are answered",
          () -> asked.stream().filter(Future::isDone).count() == THREADS - SEARCHES);
      assertThat(calls).hasValue(THREADS - SEARCHES);
      assertThat(engine.stats().searchesSkipped()).isEqualTo(THREADS - SEARCHES);
      gate.countDown();
      for (Future<Outcome> outcome : asked) {
        assertThat(outcome.get(60, TimeUnit.SECONDS)).isInstanceOf(Outcome.Computed.class);
      }
      assertThat(calls).hasValue(THREADS);
      // What was not searched for was stored all the same.
      for (Future<Outcome> outcome : ask(engine, calls, false)) {
        assertThat(outcome.get(60, TimeUnit.SECONDS)).isInstanceOf(Outcome.ExactHit.class);
      }
    }
  }
}
