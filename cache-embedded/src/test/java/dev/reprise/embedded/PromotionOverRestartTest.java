package dev.reprise.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.key.ExactKey;
import dev.reprise.match.Matcher;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Contributor;
import dev.reprise.model.Scope;
import dev.reprise.testing.HashEmbedder;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What promotes an answer in a shared scope outlives the process. */
class PromotionOverRestartTest {
  private static final String STORED = "How do I reset my password?";
  private static final String NEAR = "How can I reset my password?";
  private static final String OTHER = "How do I close my account?";
  private static final String NEAR_OTHER = "How can I close my account?";

  private final HashEmbedder embedder =
      new HashEmbedder().near(NEAR, STORED, 0.97).near(NEAR_OTHER, OTHER, 0.97);

  @TempDir private Path folder;

  private CacheEngine engine(int promotionAfter) {
    DataDirectory directory = DataDirectory.open(folder);
    return directory
        .configure(CacheEngine.builder())
        .semanticTier(
            directory.semanticTier(
                HnswSemanticTier.builder(HashEmbedder.DIMENSION).build(), embedder),
            embedder)
        .matcher(Matcher.threshold(0.9))
        .promotionAfter(promotionAfter)
        .tierDeadline(Duration.ofSeconds(20))
        .build();
  }

  private static CacheRequest request(String contributor, String question) {
    return CacheRequest.builder(Scope.of("team"))
        .model("model")
        .user(question)
        .temperature(0)
        .control(CacheControl.DEFAULT.withContributor(Contributor.of(contributor)))
        .build();
  }

  private static Outcome ask(CacheEngine engine, String contributor, String question)
      throws InterruptedException {
    Outcome outcome =
        engine.getOrCompute(request(contributor, question), () -> Answer.ofText("Like this."));
    assertThat(engine.drain(Duration.ofSeconds(30))).isTrue();
    return outcome;
  }

  private static boolean isServed(CacheEngine engine, String contributor, String question) {
    CacheRequest request = request(contributor, question);
    return engine.getOrCompute(
            request.withControl(request.control().with(CacheControl.Directive.ONLY_IF_CACHED)),
            () -> Answer.ofText("never asked"))
        instanceof Outcome.SemanticHit;
  }

  @Test
  void itIsKnownAfterARestart() throws Exception {
    ExactKey approved;
    try (CacheEngine engine = engine(2)) {
      ask(engine, "a", STORED);
      approved = ((Outcome.ExactHit) ask(engine, "a", STORED)).entry().key();
      ask(engine, "a", OTHER);
      assertThat(isServed(engine, "c", NEAR)).isFalse();
    }
    try (CacheEngine engine = engine(2)) {
      assertThat(isServed(engine, "a", NEAR)).as("its own").isTrue();
      assertThat(isServed(engine, "c", NEAR)).isFalse();
      assertThat(isServed(engine, "c", NEAR_OTHER)).isFalse();
      assertThat(engine.approve(approved)).isTrue();
      assertThat(ask(engine, "b", OTHER)).isInstanceOf(Outcome.ExactHit.class);
    }
    try (CacheEngine engine = engine(2)) {
      assertThat(isServed(engine, "c", NEAR)).as("approved").isTrue();
      assertThat(isServed(engine, "c", NEAR_OTHER)).as("asked by two").isTrue();
    }
    try (CacheEngine engine = engine(3)) {
      assertThat(isServed(engine, "c", NEAR)).as("approved").isTrue();
      assertThat(isServed(engine, "c", NEAR_OTHER)).as("asked by two of three").isFalse();
    }
  }

  @Test
  void whatWasStoredBeforeContributorsWereKnownServesEverybody() throws Exception {
    try (CacheEngine engine = engine(1)) {
      CacheRequest old = request("a", STORED).withControl(CacheControl.DEFAULT);
      engine.getOrCompute(old, () -> Answer.ofText("Like this."));
      assertThat(engine.drain(Duration.ofSeconds(30))).isTrue();
    }
    try (CacheEngine engine = engine(2)) {
      assertThat(isServed(engine, "c", NEAR)).isTrue();
    }
  }
}
