package dev.reprise.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.testing.ScriptedUpstream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EmbeddedCacheTest {

  private static CacheRequest request(String question) {
    return CacheRequest.builder(Scope.of("test"))
        .model("model")
        .user(question)
        .temperature(0)
        .build();
  }

  @Test
  void theEmbeddedEngineFindsANearQuestionInTheProcess() throws Exception {
    try (CacheEngine engine = EmbeddedCache.builder().build()) {
      engine.getOrCompute(
          request("How do I reset my password?"), ScriptedUpstream.answering("Follow the link."));
      assertThat(engine.drain(Duration.ofSeconds(30))).isTrue();
      Outcome.SemanticHit hit =
          (Outcome.SemanticHit)
              engine.getOrCompute(
                  request("How can I reset my password?"),
                  ScriptedUpstream.answering("never asked"));
      assertThat(hit.answer().text()).isEqualTo("Follow the link.");
      assertThat(hit.confidence()).isGreaterThan(0.9);
      assertThat(engine.risk().orElseThrow().bound()).isEqualTo(WrongAnswerBound.defaults());
      assertThat(engine.risk().orElseThrow().bound()).isEqualTo(WrongAnswerBound.perLookup(0.01));
      assertThat(
              engine.getOrCompute(
                  request("How can I not reset my password?"),
                  ScriptedUpstream.answering("Just leave it.")))
          .isInstanceOf(Outcome.Computed.class);
    }
  }
}
