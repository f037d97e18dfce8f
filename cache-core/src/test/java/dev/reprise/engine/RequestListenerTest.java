package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.match.MatchDecision;
import dev.reprise.match.MatchStage;
import dev.reprise.match.Matcher;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Reason;
import dev.reprise.testing.RecordingSubscriber;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who shows people what the cache does is told of each request once, however it ended. */
@Timeout(60)
class RequestListenerTest {
  private static final CacheRequest REQUEST = EngineFixture.request(EngineFixture.NEAR);
  private static final CacheRequest ASKED = EngineFixture.request(EngineFixture.ASKED);

  private record Told(@Nullable CacheRequest request, CacheEvent.Terminal end) {
    Outcome outcome() {
      return ((CacheEvent.Finished) end).outcome();
    }
  }

  private final List<Told> told = new ArrayList<>();
  private final EngineFixture fixture = fixture(Matcher.threshold(EngineFixture.THRESHOLD));
  private final CacheEngine engine = fixture.engine;

  private EngineFixture fixture(Matcher matcher) {
    return new EngineFixture(
        builder ->
            builder
                .matcher(matcher)
                .requestListener(
                    (request, end) -> {
                      throw new IllegalStateException("a listener that fails");
                    })
                .requestListener((request, end) -> told.add(new Told(request, end))));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void anAwaitedRequestIsToldWithItsOutcome() throws Exception {
    Outcome miss = engine.getOrCompute(REQUEST, () -> Answer.ofText("Paris"));
    fixture.drain();
    Outcome hit = engine.getOrCompute(REQUEST, () -> Answer.ofText("again"));
    Outcome near = engine.getOrCompute(ASKED, () -> Answer.ofText("again"));

    assertThat(told.stream().map(Told::outcome)).containsExactly(miss, hit, near);
    assertThat(told.stream().map(Told::request)).containsExactly(REQUEST, REQUEST, ASKED);
  }

  @Test
  void aFailureAndABypassAreToldToo() throws Exception {
    assertThatThrownBy(
            () ->
                engine.getOrCompute(
                    REQUEST,
                    () -> {
                      throw new IOException("no upstream");
                    }))
        .isInstanceOf(IOException.class);
    CacheRequest hot =
        CacheRequest.builder(EngineFixture.SCOPE).user("Why?").temperature(1).build();
    engine.getOrCompute(hot, () -> Answer.ofText("because"));
    engine.bypass(
        new Reason(Reason.Code.UNMAPPABLE, "no role"),
        CacheControl.DEFAULT,
        () -> new Reply<>(Answer.ofText("because"), "because"));

    assertThat(told).hasSize(3);
    assertThat(told.get(0).end()).isInstanceOf(CacheEvent.Failed.class);
    assertThat(told.get(0).request()).isEqualTo(REQUEST);
    assertThat(told.get(1).outcome()).isInstanceOf(Outcome.Bypassed.class);
    assertThat(told.get(1).request()).isEqualTo(hot);
    assertThat(told.get(2).outcome()).isInstanceOf(Outcome.Bypassed.class);
    assertThat(told.get(2).request()).isNull();
  }

  @Test
  void aStreamIsToldWhetherItEndsOrIsCancelled() {
    engine.stream(
        REQUEST, sink -> sink.complete(Answer.ofText("Paris")), new RecordingSubscriber());
    CacheRequest other = EngineFixture.request("How high is Everest?");
    engine.stream(other, sink -> {}, new RecordingSubscriber()).cancel();

    assertThat(told).hasSize(2);
    assertThat(told.get(0).outcome()).isInstanceOf(Outcome.Computed.class);
    assertThat(told.get(0).request()).isEqualTo(REQUEST);
    assertThat(told.get(1).end()).isInstanceOf(CacheEvent.Cancelled.class);
    assertThat(told.get(1).request()).isEqualTo(other);
  }

  @Test
  void aMissSaysWhichCandidateCameNearest() throws Exception {
    Matcher strict = candidate -> new MatchDecision.Reject(0.4, MatchStage.GUARDS, "another place");
    try (EngineFixture refusing = fixture(strict)) {
      refusing.put(REQUEST, "Paris");

      Outcome.Computed miss =
          (Outcome.Computed) refusing.engine.getOrCompute(ASKED, () -> Answer.ofText("Lutetia"));

      NearMiss nearest = miss.nearest().orElseThrow();
      assertThat(nearest.entry()).isEqualTo(EngineFixture.key(REQUEST));
      assertThat(nearest.question()).isEqualTo(EngineFixture.NEAR);
      assertThat(nearest.similarity().cosine()).isBetween(0.96, 0.98);
      assertThat(nearest.confidence()).isEqualTo(0.4);
      assertThat(nearest.stage()).isEqualTo(MatchStage.GUARDS);
      assertThat(nearest.why()).isEqualTo("another place");
    }
    assertThat(
            ((Outcome.Computed) engine.getOrCompute(ASKED, () -> Answer.ofText("first"))).nearest())
        .isEmpty();
  }
}
