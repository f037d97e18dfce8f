package dev.reprise.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Feedback;
import dev.reprise.engine.Outcome;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.testing.ScriptedUpstream;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void aCacheInADirectoryOutlivesItsEngine(@TempDir Path directory) throws Exception {
    CacheRequest first = request("How do I reset my password?");
    try (CacheEngine engine = open(directory)) {
      engine.getOrCompute(first, ScriptedUpstream.answering("Follow the link."));
      engine.getOrCompute(request("How do I close my account?"), ScriptedUpstream.answering("So."));
      assertThat(engine.drain(Duration.ofSeconds(30))).isTrue();
      Outcome.SemanticHit wrong =
          (Outcome.SemanticHit)
              engine.getOrCompute(
                  request("How can I close my account?"), ScriptedUpstream.answering("never"));
      engine.feedback(request("How can I close my account?"), wrong.entry().key(), Feedback.WRONG);
    }
    try (CacheEngine engine = open(directory)) {
      assertThat(engine.getOrCompute(first, ScriptedUpstream.answering("never asked")))
          .isInstanceOf(Outcome.ExactHit.class);
      assertThat(
              engine.getOrCompute(
                  request("How can I reset my password?"), ScriptedUpstream.answering("never")))
          .isInstanceOf(Outcome.SemanticHit.class);
      // What was reported as wrong stays forbidden.
      assertThat(
              engine.getOrCompute(
                  request("How can I close my account?"), ScriptedUpstream.answering("Anew.")))
          .isInstanceOf(Outcome.Computed.class);
    }
  }

  /** Returns an engine that does not give up on the disk of a busy machine. */
  private static CacheEngine open(Path directory) {
    return EmbeddedCache.builder(directory).tierDeadline(Duration.ofSeconds(20)).build();
  }
}
