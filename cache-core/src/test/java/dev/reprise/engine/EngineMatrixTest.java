package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.reprise.model.CacheRequest;
import dev.reprise.testing.Fault;
import dev.reprise.testing.RecordingSubscriber;
import dev.reprise.testing.ScriptedStreamingUpstream;
import dev.reprise.testing.ScriptedUpstream;
import dev.reprise.tier.DeadlineOwner;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/*
 * Every fault of every tier, with every end of the upstream, awaited and streamed. What is to come out is told by one rule
 * (see Cell#expected), not cell by cell; after each cell the books are audited.
 */
/** {hit, miss, and every fault} per tier x {upstream ok, throws, cancelled} x {sync, streaming}. */
class EngineMatrixTest {
  private static final Duration DEADLINE = Duration.ofMillis(20);

  /** Generous to a busy machine, but far below what a slow tier takes. */
  private static final Duration BOUND = Duration.ofSeconds(10);

  private static final String FRESH = "Paris, freshly computed.";
  private static final String CACHED = "Paris, from the cache.";

  private enum Content {
    HIT,
    MISS
  }

  private enum UpstreamEnd {
    OK,
    THROWS,
    CANCELLED
  }

  private enum Way {
    SYNC,
    STREAM
  }

  private record Cell(
      Content exactContent,
      Fault exactFault,
      Content semanticContent,
      Fault semanticFault,
      UpstreamEnd end,
      Way way) {

    /** Returns whether the exact tier answers at all, be it wrongly. */
    boolean exactAnswers() {
      return answers(exactFault);
    }

    boolean exactHits() {
      return exactContent == Content.HIT && exactFault == Fault.NONE;
    }

    /** Where nobody knows whether a payload is there, meaning is not asked. */
    boolean semanticAsked() {
      return !exactHits() && exactAnswers();
    }

    boolean semanticHits() {
      return semanticAsked()
          && exactFault == Fault.NONE
          && semanticContent == Content.HIT
          && semanticFault == Fault.NONE;
    }

    /** The exact tier stores whatever it finds or does not find. */
    boolean stores() {
      return exactFault != Fault.SLOW && exactFault != Fault.THROWS && exactFault != Fault.DIES;
    }

    Class<?> expected() {
      if (exactHits()) {
        return Outcome.ExactHit.class;
      }
      if (semanticHits()) {
        return Outcome.SemanticHit.class;
      }
      return switch (end) {
        case OK -> Outcome.Computed.class;
        case THROWS -> IOException.class;
        case CANCELLED -> way == Way.SYNC ? InterruptedException.class : CacheEvent.Cancelled.class;
      };
    }

    private static boolean answers(Fault fault) {
      return switch (fault) {
        case SLOW, THROWS, DIES, NULL -> false;
        case NONE, EMPTY, WRONG, STALE -> true;
      };
    }

    private static DeadlineOwner owner(Fault fault) {
      return fault == Fault.SLOW ? DeadlineOwner.ENGINE : DeadlineOwner.TIER;
    }
  }

  @TestFactory
  List<DynamicTest> everyCell() {
    List<DynamicTest> cells = new ArrayList<>();
    for (UpstreamEnd end : UpstreamEnd.values()) {
      for (Way way : Way.values()) {
        add(cells, Content.HIT, Fault.NONE, Content.MISS, Fault.NONE, end, way);
        for (Fault exact : Fault.values()) {
          for (Fault semantic : Fault.values()) {
            add(cells, Content.MISS, exact, Content.HIT, semantic, end, way);
          }
          add(cells, Content.MISS, exact, Content.MISS, Fault.NONE, end, way);
        }
      }
    }
    return cells;
  }

  private static void add(
      List<DynamicTest> cells,
      Content exactContent,
      Fault exactFault,
      Content semanticContent,
      Fault semanticFault,
      UpstreamEnd end,
      Way way) {
    Cell cell = new Cell(exactContent, exactFault, semanticContent, semanticFault, end, way);
    String name =
        "exact %s %s, semantic %s %s, upstream %s, %s"
            .formatted(exactContent, exactFault, semanticContent, semanticFault, end, way);
    cells.add(dynamicTest(name, () -> check(cell)));
  }

  private static void check(Cell cell) throws Exception {
    try (EngineFixture fixture =
        new EngineFixture(
            Cell.owner(cell.exactFault()),
            Cell.owner(cell.semanticFault()),
            builder -> builder.tierDeadline(DEADLINE).writeDeadline(DEADLINE))) {
      CacheRequest asked = EngineFixture.request(EngineFixture.ASKED);
      CacheRequest near = EngineFixture.request(EngineFixture.NEAR);
      if (cell.exactContent() == Content.HIT) {
        fixture.map.store(fixture.entry(asked, CACHED));
      }
      if (cell.semanticContent() == Content.HIT) {
        fixture.put(near, CACHED);
      }
      fixture.exact.fault(cell.exactFault());
      fixture.semantic.fault(cell.semanticFault());

      long start = System.nanoTime();
      if (cell.way() == Way.SYNC) {
        await(cell, fixture, asked);
      } else {
        stream(cell, fixture, asked);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);

      fixture.drain();
      fixture.audit(1);
      auditStore(cell, fixture, asked);
      auditTrouble(cell, fixture);
    }
  }

  private static void await(Cell cell, EngineFixture fixture, CacheRequest asked) throws Exception {
    IOException failure = new IOException("the upstream is told to throw");
    ScriptedUpstream upstream =
        switch (cell.end()) {
          case OK -> ScriptedUpstream.answering(FRESH);
          case THROWS -> ScriptedUpstream.throwing(failure);
          case CANCELLED -> ScriptedUpstream.answering(FRESH).held();
        };
    Thread caller = Thread.currentThread();
    Thread canceller =
        new Thread(
            () -> {
              try {
                upstream.awaitCall();
                caller.interrupt();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Class<?> expected = cell.expected();
    if (cell.end() == UpstreamEnd.CANCELLED && expected == InterruptedException.class) {
      canceller.start();
    }
    Object end;
    try {
      end = fixture.engine.getOrCompute(asked, upstream);
    } catch (IOException | InterruptedException e) {
      end = e;
    }
    canceller.join();
    assertThat(end).isInstanceOf(expected);
    if (end instanceof Outcome.Answered outcome) {
      assertThat(outcome.answer().text()).isEqualTo(outcome.wasCached() ? CACHED : FRESH);
    }
    if (expected == IOException.class) {
      assertThat(end).isSameAs(failure);
    }
    assertThat(upstream.calls()).isEqualTo(end instanceof Outcome.Hit ? 0 : 1);
  }

  private static void stream(Cell cell, EngineFixture fixture, CacheRequest asked)
      throws Exception {
    IOException failure = new IOException("the upstream is told to throw");
    ScriptedStreamingUpstream upstream = new ScriptedStreamingUpstream();
    RecordingSubscriber subscriber =
        new RecordingSubscriber(
            (chunk, subscription) -> {
              if (cell.end() == UpstreamEnd.CANCELLED) {
                subscription.cancel();
              }
            });
    fixture.engine.stream(asked, upstream, subscriber);
    Class<?> expected = cell.expected();
    if (upstream.calls() == 1) {
      upstream.give("Paris, ", "freshly computed.");
      switch (cell.end()) {
        case OK, CANCELLED -> upstream.complete();
        case THROWS -> upstream.fail(failure);
      }
    }
    if (expected == CacheEvent.Cancelled.class) {
      assertThat(subscriber.ends()).isZero();
      assertThat(subscriber.chunks()).containsExactly("Paris, ");
      assertThat(upstream.cancellations()).isEqualTo(1);
      assertThat(fixture.engine.stats().cancelled()).isEqualTo(1);
      return;
    }
    Object end = subscriber.awaitEnd();
    assertThat(end).isInstanceOf(expected);
    if (end instanceof Outcome.Answered outcome) {
      assertThat(subscriber.text()).isEqualTo(outcome.wasCached() ? CACHED : FRESH);
    } else {
      assertThat(end).isSameAs(failure);
    }
    assertThat(upstream.calls()).isEqualTo(end instanceof Outcome.Hit ? 0 : 1);
  }

  /** What failed or was cancelled is not stored; what is stored has a row only behind it. */
  private static void auditStore(Cell cell, EngineFixture fixture, CacheRequest asked) {
    boolean isFresh = cell.expected() == Outcome.Computed.class;
    boolean isStored = fixture.map.entries().containsKey(EngineFixture.key(asked));
    assertThat(isStored).isEqualTo(cell.exactHits() || (isFresh && cell.stores()));
    assertThat(fixture.engine.stats().stored()).isEqualTo(isFresh && cell.stores() ? 1 : 0);
    boolean takesRows =
        cell.semanticFault() != Fault.SLOW
            && cell.semanticFault() != Fault.THROWS
            && cell.semanticFault() != Fault.DIES;
    // An exact hit brings back a row that is missing.
    boolean isMissed = cell.exactHits() && takesRows;
    assertThat(fixture.hasRow(asked))
        .isEqualTo(isMissed || (isFresh && cell.stores() && takesRows));
    if (isFresh && cell.stores() && !takesRows) {
      assertThat(fixture.engine.stats().writesDropped()).isEqualTo(1);
    }
    // An exact tier that does not answer is no reason to take a row away.
    boolean hadNear = cell.semanticContent() == Content.HIT;
    boolean gone = cell.exactFault() == Fault.EMPTY && cell.semanticFault() == Fault.NONE;
    if (hadNear && !cell.exactHits()) {
      assertThat(fixture.hasRow(EngineFixture.request(EngineFixture.NEAR))).isEqualTo(!gone);
    }
  }

  private static void auditTrouble(Cell cell, EngineFixture fixture) {
    assertThat(fixture.engine.stats().troubleByPart().containsKey("map"))
        .isEqualTo(!cell.exactAnswers());
    assertThat(fixture.engine.stats().troubleByPart().containsKey("flat"))
        .isEqualTo(cell.semanticAsked() && !Cell.answers(cell.semanticFault()));
  }
}
