package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.model.CacheRequest;
import dev.reprise.model.Document;
import dev.reprise.model.UseCase;
import dev.reprise.testing.Fault;
import dev.reprise.testing.ScriptedUpstream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rows that were never written, as before a restart, come back as their entries are hit. */
@Timeout(60)
class MissingRowsTest {
  private static final CacheRequest CACHED = EngineFixture.request(EngineFixture.NEAR);
  private static final CacheRequest ASKED = EngineFixture.request(EngineFixture.ASKED);

  private final AtomicLong nanoseconds = new AtomicLong();
  private final EngineFixture fixture =
      new EngineFixture(builder -> builder.nanoseconds(nanoseconds::get));

  @AfterEach
  void close() {
    fixture.close();
  }

  private Outcome ask(CacheRequest request) throws Exception {
    Outcome outcome = fixture.engine.getOrCompute(request, ScriptedUpstream.answering("fresh"));
    fixture.drain();
    return outcome;
  }

  private void storeWithoutRow(CacheRequest request) {
    fixture.map.store(fixture.entry(request, "Paris"));
  }

  @Test
  void anExactHitBringsARowBack() throws Exception {
    storeWithoutRow(CACHED);
    assertThat(ask(CACHED)).isInstanceOf(Outcome.ExactHit.class);
    assertThat(fixture.hasRow(CACHED)).isTrue();
    assertThat(ask(ASKED)).isInstanceOf(Outcome.SemanticHit.class);
    fixture.audit(2);
  }

  @Test
  void aRowThatIsThereIsLookedForOnceAnHour() throws Exception {
    fixture.put(CACHED, "Paris");
    for (int i = 0; i < 5; i++) {
      assertThat(ask(CACHED)).isInstanceOf(Outcome.ExactHit.class);
      nanoseconds.addAndGet(KnownRows.PAUSE);
    }
    assertThat(fixture.embedder.calls()).isEqualTo(1);
    fixture.engine.parts().writeBack().forgetKnownRows();
    for (int i = 0; i < 5; i++) {
      ask(CACHED);
      nanoseconds.addAndGet(KnownRows.PAUSE);
    }
    assertThat(fixture.embedder.calls()).isEqualTo(2);
    fixture.audit(10);
  }

  @Test
  void noMoreThanTenASecondAreLookedFor() throws Exception {
    int entries = 30;
    for (int i = 0; i < entries; i++) {
      storeWithoutRow(EngineFixture.request("Question " + i));
    }
    for (int round = 0; round < entries; round++) {
      for (int i = 0; i < entries; i++) {
        ask(EngineFixture.request("Question " + i));
      }
      assertThat(fixture.embedder.calls()).isEqualTo(round + 1);
      nanoseconds.addAndGet(KnownRows.PAUSE);
    }
    for (int i = 0; i < entries; i++) {
      assertThat(fixture.hasRow(EngineFixture.request("Question " + i))).isTrue();
    }
    fixture.audit((long) entries * entries);
  }

  @Test
  void whatIsMatchedExactlyOnlyGetsNoRow() throws Exception {
    CacheRequest exact =
        EngineFixture.requestBuilder(EngineFixture.NEAR)
            .useCase(UseCase.DOCUMENT_SUMMARY)
            .document(new Document("handbook", "7"))
            .build();
    storeWithoutRow(exact);
    assertThat(ask(exact)).isInstanceOf(Outcome.ExactHit.class);
    assertThat(fixture.hasRow(exact)).isFalse();
    assertThat(fixture.embedder.calls()).isZero();
    fixture.audit(1);
  }

  @Test
  void aTierThatDoesNotAnswerIsLookedAtAgain() throws Exception {
    storeWithoutRow(CACHED);
    fixture.semantic.fault(Fault.THROWS);
    assertThat(ask(CACHED)).isInstanceOf(Outcome.ExactHit.class);
    fixture.semantic.fault(Fault.NONE);
    nanoseconds.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(ask(CACHED)).isInstanceOf(Outcome.ExactHit.class);
    assertThat(fixture.hasRow(CACHED)).isTrue();
    fixture.audit(2);
  }
}
