package dev.reprise.quarkus.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reprise.engine.CacheEngine;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The application is asked over HTTP; its models are cached without a line of its code. */
@QuarkusTest
@QuarkusTestResource(Upstream.class)
class CachedModelsTest {
  ScriptedOpenAi upstream;

  @Inject CacheEngine engine;

  @TestHTTPResource("/")
  URI root;

  private String get(String path, String question) {
    return Http.get(root, path, question);
  }

  private int calls() {
    return upstream.requests().size();
  }

  @Test
  void anEqualQuestionHits() {
    String first = get("model", "How do I delete my account?");
    int calls = calls();
    assertThat(get("model", "How do I delete my account?")).isEqualTo(first);
    assertThat(calls()).isEqualTo(calls);
    assertThat(get("model", "How do I delete my basket?")).isNotEqualTo(first);
    assertThat(calls()).isEqualTo(calls + 1);
  }

  /*
   * A lookup by meaning has a deadline, which a busy machine may miss: one of several paraphrases must hit.
   */
  @Test
  void aParaphraseHits() {
    List<String> things = List.of("password", "account settings", "delivery address", "e-mail");
    assertThat(things).anyMatch(thing -> isHitByMeaning("model", thing));
    assertThat(things).anyMatch(thing -> isHitByMeaning("answer", thing));
  }

  private boolean isHitByMeaning(String path, String thing) {
    String first = get(path, "How do I change my " + thing + "?");
    try {
      assertThat(engine.drain(Duration.ofSeconds(30))).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return get(path, "How can I change my " + thing + "?").equals(first);
  }

  @Test
  void theModelIsAskedAtTemperatureZeroWhereNoneIsConfigured() {
    get("model", "How do I change my address?");
    JsonNode request = upstream.requests().get(calls() - 1);
    assertThat(request.path("temperature").asDouble(-1)).isZero();
  }

  @Test
  void anAiServiceHits() {
    String first = get("answer", "What is the capital of France?");
    int calls = calls();
    assertThat(get("answer", "What is the capital of France?")).isEqualTo(first);
    assertThat(calls()).isEqualTo(calls);
  }

  @Test
  void aStreamIsReplayed() {
    String first = get("stream", "How long does shipping to Spain take?");
    int calls = calls();
    assertThat(get("stream", "How long does shipping to Spain take?")).isEqualTo(first);
    assertThat(calls()).isEqualTo(calls);
    assertThat(first.replaceAll("[\\[\\]\",]", "")).contains("of the model to: How long");
  }

  @Test
  void aStreamAndAPlainRequestShareTheirAnswer() {
    String first = get("answer", "Which payment methods do you accept?");
    int calls = calls();
    String streamed = get("stream", "Which payment methods do you accept?");
    assertThat(streamed.replaceAll("[\\[\\]\",]", "")).isEqualTo(first);
    assertThat(calls()).isEqualTo(calls);
  }

  @Test
  void anObjectHits() {
    String first = get("person", "Ada is a mathematician");
    int calls = calls();
    assertThat(get("person", "Ada is a mathematician")).isEqualTo(first).contains("\"Ada\"");
    assertThat(calls()).isEqualTo(calls);
  }

  @Test
  void aToolIsCalledEachTimeAndTheLastAnswerComesFromTheCache() {
    String first = get("tool", "When do you open?");
    assertThat(first).contains("09:00");
    int calls = calls();
    assertThat(get("tool", "When do you open?")).contains("09:00");
    // A model's wish to call a tool is not stored by default.
    assertThat(calls() - calls).isBetween(1, 2);
  }

  @Test
  void aNamedModelHasAnswersOfItsOwn() {
    String first = get("model", "How do I cancel an order?");
    String second = get("second", "How do I cancel an order?");
    assertThat(second).isNotEqualTo(first);
    int calls = calls();
    assertThat(get("second", "How do I cancel an order?")).isEqualTo(second);
    assertThat(calls()).isEqualTo(calls);
  }

  @Test
  void anExcludedModelIsNotCached() {
    String first = get("third", "How do I return an item?");
    assertThat(get("third", "How do I return an item?")).isNotEqualTo(first);
  }

  @Test
  void metersAndHealthAreThere() {
    get("model", "Where is my invoice?");
    get("model", "Where is my invoice?");
    assertThat(get("q/metrics", ""))
        .containsPattern("cache_gets_total\\{cache=\"reprise\",result=\"hit\".*");
    assertThat(get("q/health/ready", "")).contains("Reprise cache").contains("\"mode\": \"live\"");
  }
}
