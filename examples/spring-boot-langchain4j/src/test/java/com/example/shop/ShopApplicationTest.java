package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.testing.ScriptedOpenAi;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The application, asked over HTTP, in front of a scripted upstream. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class ShopApplicationTest {
  private static final String ANSWER = "Open Settings, then Security, and choose Reset.";
  private static final ScriptedOpenAi UPSTREAM = ScriptedOpenAi.answering(body -> ANSWER);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @LocalServerPort private int port;
  @Autowired private CacheEngine engine;

  @DynamicPropertySource
  static void upstream(DynamicPropertyRegistry properties) {
    properties.add("langchain4j.open-ai.chat-model.base-url", UPSTREAM::baseUrl);
    properties.add("langchain4j.open-ai.chat-model.api-key", () -> "none");
  }

  @AfterAll
  static void stop() {
    UPSTREAM.close();
  }

  private String get(String path) throws Exception {
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(200);
    return response.body();
  }

  private String ask(String question) throws Exception {
    return get("/ask?q=" + URLEncoder.encode(question, StandardCharsets.UTF_8));
  }

  @Test
  void anEqualQuestionAndAParaphraseAreAnsweredFromTheCache() throws Exception {
    assertAnswer(ask("How do I reset my password?"));
    assertThat(engine.drain(Duration.ofSeconds(60))).isTrue();
    assertAnswer(ask("How do I reset my password?"));
    assertAnswer(ask("How can I reset my password?"));
    assertThat(UPSTREAM.calls()).isEqualTo(1);

    assertThat(get("/actuator/reprise/stats"))
        .contains("\"exactHits\":1", "\"semanticHits\":1", "\"upstreamCalls\":1");
    assertThat(get("/actuator/reprise/models")).contains("openAiChatModel");
    assertThat(get("/actuator/health")).contains("\"reprise\"", "\"status\":\"UP\"");
    assertThat(get("/actuator/metrics/cache.gets?tag=result:hit")).contains("\"value\":2.0");
  }

  private static void assertAnswer(String answer) {
    assertThat(answer).isEqualTo(ANSWER);
  }
}
