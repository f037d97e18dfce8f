package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.embed.Embedder;
import dev.reprise.match.Matcher;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Reason;
import dev.reprise.policy.Admission;
import dev.reprise.testing.EventLog;
import dev.reprise.testing.Fault;
import dev.reprise.testing.FlatSemanticTier;
import dev.reprise.testing.HashEmbedder;
import dev.reprise.testing.ScriptedUpstream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a burst of different questions costs, and that nothing of it is lost. */
@Timeout(120)
class BurstTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Embeds when it is let go. */
  private static final class HeldEmbedder implements Embedder {
    private final HashEmbedder embedder = new HashEmbedder();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);

    @Override
    public String id() {
      return "held";
    }

    @Override
    public int dimension() {
      return embedder.dimension();
    }

    @Override
    public Embedding embed(String text) {
      entered.countDown();
      try {
        gate.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
      return embedder.embed(text);
    }
  }

  private static CacheEngine engine(Embedder embedder, EventLog log, int searches) {
    return CacheEngine.builder()
        .semanticTier(new FlatSemanticTier(embedder.dimension(), InstantSource.system()), embedder)
        .matcher(Matcher.threshold(0.9))
        .searchesAtOnce(searches)
        .searchWait(Duration.ofMillis(5))
        .probeInterval(Duration.ofMinutes(10))
        .listener(log)
        .build();
  }

  @Test
  void whoFindsNoTurnIsLookedUpExactlyOnlyAndCounted() throws Exception {
    HeldEmbedder embedder = new HeldEmbedder();
    EventLog log = new EventLog();
    ExecutorService threads = Executors.newCachedThreadPool();
    try (CacheEngine engine = engine(embedder, log, 1)) {
      CacheRequest slow = EngineFixture.request("Who embeds for ever?");
      CacheRequest quick = EngineFixture.request("Who does not wait?");
      Future<Outcome> first =
          threads.submit(() -> engine.getOrCompute(slow, ScriptedUpstream.answering("I do")));
      assertThat(embedder.entered.await(30, TimeUnit.SECONDS)).isTrue();
      Outcome second = engine.getOrCompute(quick, ScriptedUpstream.answering("I do not"));
      assertThat(second).isInstanceOf(Outcome.Computed.class);
      assertThat(engine.stats().searchesSkipped()).isEqualTo(1);
      assertThat(log.of(CacheEvent.SearchSkipped.class)).hasSize(1);
      assertThat(engine.getOrCompute(quick, ScriptedUpstream.answering("never asked")))
          .isInstanceOf(Outcome.ExactHit.class);
      embedder.gate.countDown();
      assertThat(first.get(30, TimeUnit.SECONDS)).isInstanceOf(Outcome.Computed.class);
      assertThat(engine.drain(PATIENCE)).isTrue();
      // The row of the question that was not searched for was written all the same.
      assertThat(engine.explain(quick).candidates())
          .anyMatch(candidate -> candidate.question().equals("Who does not wait?"));
    } finally {
      embedder.gate.countDown();
      threads.shutdownNow();
    }
  }

  @Test
  void droppedRowsAreMadeUpLater() throws Exception {
    HeldEmbedder embedder = new HeldEmbedder();
    EventLog log = new EventLog();
    ExecutorService threads = Executors.newCachedThreadPool();
    try (CacheEngine engine =
        CacheEngine.builder()
            .semanticTier(
                new FlatSemanticTier(embedder.dimension(), InstantSource.system()), embedder)
            .matcher(Matcher.threshold(0.9))
            .searchesAtOnce(1)
            .searchWait(Duration.ofMillis(1))
            .writeQueueCapacity(4)
            .probeInterval(Duration.ofMinutes(10))
            .listener(log)
            .build()) {
      Future<Outcome> first =
          threads.submit(
              () ->
                  engine.getOrCompute(
                      EngineFixture.request("Who blocks?"), ScriptedUpstream.answering("I do")));
      assertThat(embedder.entered.await(30, TimeUnit.SECONDS)).isTrue();
      int asked = 40;
      for (int i = 0; i < asked; i++) {
        engine.getOrCompute(
            EngineFixture.request("What is number " + i + "?"), ScriptedUpstream.answering("n"));
      }
      assertThat(log.of(CacheEvent.WriteDropped.class)).hasSizeGreaterThan(20);
      embedder.gate.countDown();
      first.get(30, TimeUnit.SECONDS);
      EngineFixture.await(
          "every row is there",
          () -> {
            engine.parts().writeBack().repair();
            for (int i = 0; i < asked; i++) {
              String question = "What is number " + i + "?";
              if (engine.explain(EngineFixture.request(question)).candidates().stream()
                  .noneMatch(candidate -> candidate.question().equals(question))) {
                return false;
              }
            }
            return true;
          });
    } finally {
      embedder.gate.countDown();
      threads.shutdownNow();
    }
  }

  @Test
  void anAnswerThatATierDidNotTakeIsWrittenWhenItAnswersAgain() throws Exception {
    try (EngineFixture fixture = new EngineFixture()) {
      CacheRequest request = EngineFixture.request("What was not written?");
      CacheRequest removed = EngineFixture.request("What was removed meanwhile?");
      fixture.exact.fault(Fault.THROWS);
      for (CacheRequest asked : List.of(request, removed)) {
        Outcome.Computed fresh =
            (Outcome.Computed)
                fixture.engine.getOrCompute(asked, ScriptedUpstream.answering("This."));
        assertThat(fresh.admission())
            .isInstanceOfSatisfying(
                Admission.Skip.class,
                skip -> {
                  assertThat(skip.reason().code()).isEqualTo(Reason.Code.UNAVAILABLE);
                  assertThat(skip.reason().detail()).contains("when the tier answers again");
                });
      }
      fixture.engine.parts().writeBack().repair();
      assertThat(fixture.map.entries()).isEmpty();
      fixture.engine.remove(EngineFixture.key(removed));
      fixture.exact.fault(Fault.NONE);
      fixture.engine.parts().tiers().probe();
      fixture.engine.parts().writeBack().repair();
      fixture.drain();
      assertThat(fixture.map.entries()).containsOnlyKeys(EngineFixture.key(request));
      assertThat(fixture.hasRow(request)).isTrue();
      assertThat(fixture.engine.getOrCompute(request, ScriptedUpstream.answering("never asked")))
          .isInstanceOf(Outcome.ExactHit.class);
    }
  }

  /** An embedder that never ends holds up as many requests as may embed, and nobody else. */
  @Test
  void aStuckEmbedderHoldsUpNobodyBeyondTheBudget() throws Exception {
    int callers = 300;
    int searches = 4;
    HeldEmbedder embedder = new HeldEmbedder();
    ExecutorService threads = Executors.newCachedThreadPool();
    try (CacheEngine engine = engine(embedder, new EventLog(), searches)) {
      List<Future<Outcome>> asked = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        CacheRequest request = EngineFixture.request("What is number " + i + "?");
        asked.add(
            threads.submit(
                () -> engine.getOrCompute(request, ScriptedUpstream.answering("a number"))));
      }
      EngineFixture.await(
          "everybody beyond the budget is answered",
          () -> asked.stream().filter(Future::isDone).count() == callers - searches);
      assertThat(engine.stats().searchesSkipped()).isEqualTo(callers - searches);
      assertThat(engine.stats().upstreamCalls()).isEqualTo(callers - searches);
      embedder.gate.countDown();
      for (Future<Outcome> future : asked) {
        assertThat(future.get(30, TimeUnit.SECONDS)).isInstanceOf(Outcome.Computed.class);
      }
    } finally {
      embedder.gate.countDown();
      threads.shutdownNow();
    }
  }
}
