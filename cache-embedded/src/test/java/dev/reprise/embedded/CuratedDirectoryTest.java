package dev.reprise.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.curated.CuratedEntry;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.testing.Eventually;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Curated answers with the real models, kept in a directory. */
class CuratedDirectoryTest {
  private static final String QUESTION = "How do I reset my password?";

  private static CacheRequest request(String question) {
    return CacheRequest.builder(Scope.of("test")).model("m").user(question).temperature(0).build();
  }

  private static Outcome ask(CacheEngine engine, String question) {
    return engine.getOrCompute(request(question), () -> Answer.ofText("a model's"));
  }

  @Test
  void theyAreFoundByMeaningAndOutliveTheirEngine(@TempDir Path directory) {
    try (CacheEngine engine = EmbeddedCache.builder(directory).build()) {
      engine
          .curated()
          .replace(
              List.of(
                  CuratedEntry.builder(QUESTION, "Open Settings.").id("reset").build(),
                  CuratedEntry.builder("How do I close my account?", "Write to us.").build()),
              "jane",
              "first");
      engine.curated().approveAlias("reset", "I forgot it", Optional.empty(), "jane");
    }
    try (CacheEngine engine = EmbeddedCache.builder(directory).build()) {
      assertThat(engine.curated().current().note()).isEqualTo("first");
      assertThat(ask(engine, "I forgot it")).isInstanceOf(Outcome.CuratedHit.class);
      Eventually.that(
          "the entries are embedded",
          () -> engine.explain(request(QUESTION)).candidates().size() == 3);
      for (String other :
          List.of("How can I reset my password?", "What is the way to reset my password")) {
        assertThat(ask(engine, other))
            .as(other)
            .isInstanceOfSatisfying(
                Outcome.CuratedHit.class,
                hit -> {
                  assertThat(hit.answer().text()).isEqualTo("Open Settings.");
                  assertThat(hit.similarity()).isPresent();
                });
      }
      for (String different :
          List.of(
              "How can I not reset my password?",
              "How do I reset my router?",
              "How do I reset his password?",
              "Why do I reset my password?")) {
        assertThat(ask(engine, different)).as(different).isInstanceOf(Outcome.Computed.class);
      }
      engine.curated().replace(List.of(), "jane", "nothing any more");
      assertThat(ask(engine, QUESTION)).isInstanceOf(Outcome.Computed.class);
    }
  }
}
