package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.match.MatchDecision;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.testing.RecordingSubscriber;
import dev.reprise.testing.ScriptedStreamingUpstream;
import dev.reprise.testing.ScriptedUpstream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two scopes never meet, whatever the similarity and however willing the matcher. */
@Timeout(60)
class ScopeIsolationTest {
  private static final String SECRET = "the secret of tenant a";

  private static CacheRequest in(String scope, String question) {
    return CacheRequest.builder(Scope.of(scope))
        .provider("test")
        .model("model-1")
        .user(question)
        .temperature(0)
        .build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tenant-b", "TENANT-A", "tenant-a ", "tenant", "tenant-a-1", "*"})
  void anotherScopeNeverGetsTheAnswer(String another) throws Exception {
    try (EngineFixture fixture =
        new EngineFixture(builder -> builder.matcher(candidate -> new MatchDecision.Accept(1)))) {
      CacheRequest ours = in("tenant-a", EngineFixture.NEAR);
      fixture.engine.getOrCompute(ours, ScriptedUpstream.answering(SECRET));
      fixture.drain();

      for (String question : List.of(EngineFixture.NEAR, EngineFixture.ASKED)) {
        Outcome.Computed computed =
            (Outcome.Computed)
                fixture.engine.getOrCompute(
                    in(another, question).withControl(noStore()),
                    ScriptedUpstream.answering("fresh"));
        assertThat(computed.answer().text()).isEqualTo("fresh");
        RecordingSubscriber subscriber = new RecordingSubscriber();
        fixture.engine.stream(
            in(another, question).withControl(noStore()),
            ScriptedStreamingUpstream.atOnce(null, "fresh"),
            subscriber);
        subscriber.awaitEnd();
        assertThat(subscriber.text()).isEqualTo("fresh");
      }
      // The same questions in the same scope are hits, so that it is the scope that told them
      // apart.
      assertThat(hit(fixture, in("tenant-a", EngineFixture.NEAR)))
          .isInstanceOf(Outcome.ExactHit.class);
      assertThat(hit(fixture, in("tenant-a", EngineFixture.ASKED)))
          .isInstanceOf(Outcome.SemanticHit.class);
      fixture.audit(7);
    }
  }

  private static Outcome hit(EngineFixture fixture, CacheRequest request) throws Exception {
    return fixture.engine.getOrCompute(request, ScriptedUpstream.answering("never asked"));
  }

  private static CacheControl noStore() {
    return CacheControl.DEFAULT.with(CacheControl.Directive.NO_STORE);
  }

  @Test
  void equalRequestsOfTwoScopesDoNotShareACall() throws Exception {
    try (EngineFixture fixture = new EngineFixture()) {
      ScriptedStreamingUpstream ours = new ScriptedStreamingUpstream();
      ScriptedStreamingUpstream theirs = new ScriptedStreamingUpstream();
      RecordingSubscriber our = new RecordingSubscriber();
      RecordingSubscriber their = new RecordingSubscriber();
      fixture.engine.stream(in("tenant-a", EngineFixture.NEAR), ours, our);
      fixture.engine.stream(in("tenant-b", EngineFixture.NEAR), theirs, their);
      ours.give(SECRET).complete();
      theirs.give("fresh").complete();
      our.awaitEnd();
      their.awaitEnd();
      assertThat(our.text()).isEqualTo(SECRET);
      assertThat(their.text()).isEqualTo("fresh");
      fixture.audit(2);
    }
  }
}
