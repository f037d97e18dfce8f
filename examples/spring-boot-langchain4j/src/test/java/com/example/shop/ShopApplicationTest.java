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
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
  private static final String STEPS = "{\"first\":\"Open Settings\",\"second\":\"Reset\"}";
  private static final ScriptedOpenAi UPSTREAM =
      ScriptedOpenAi.answering(body -> body.contains("second") ? STEPS : ANSWER).callingTools();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @LocalServerPort private int port;
  @Autowired private CacheEngine engine;

  @DynamicPropertySource
  static void upstream(DynamicPropertyRegistry properties) {
    for (String model : List.of("chat-model", "streaming-chat-model")) {
      properties.add("langchain4j.open-ai." + model + ".base-url", UPSTREAM::baseUrl);
      properties.add("langchain4j.open-ai." + model + ".api-key", () -> "none");
    }
  }

  @AfterAll
  static void stop() {
    UPSTREAM.close();
  }

  private String get(String path) throws Exception {
    return send("GET", path, "", 200);
  }

  private String send(String method, String path, String json, int status) throws Exception {
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.ofString(json))
                .header("Content-Type", "application/json")
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(status);
    return response.body();
  }

  private String ask(String path, String question) throws Exception {
    return get(path + "?q=" + URLEncoder.encode(question, StandardCharsets.UTF_8));
  }

  /** A stream comes as events, word by word. */
  private String stream(String question) throws Exception {
    return ask("/stream", question)
        .lines()
        .filter(line -> line.startsWith("data:"))
        .map(line -> line.substring("data:".length()))
        .collect(Collectors.joining());
  }

  @Test
  void everyKindOfCallIsAnsweredFromTheCache() throws Exception {
    assertThat(ask("/ask", "How do I reset my password?")).isEqualTo(ANSWER);
    assertThat(engine.drain(Duration.ofSeconds(60))).isTrue();
    assertThat(ask("/ask", "How do I reset my password?")).isEqualTo(ANSWER);
    assertThat(ask("/ask", "How can I reset my password?")).isEqualTo(ANSWER);
    assertThat(UPSTREAM.calls()).isEqualTo(1);

    assertThat(get("/actuator/reprise/stats"))
        .contains("\"exactHits\":1", "\"semanticHits\":1", "\"upstreamCalls\":1");
    assertThat(get("/actuator/reprise/models"))
        .contains("openAiChatModel", "openAiStreamingChatModel");
    assertThat(get("/actuator/health")).contains("\"reprise\"", "\"status\":\"UP\"");
    assertThat(get("/actuator/metrics/cache.gets?tag=result:hit")).contains("\"value\":2.0");
    assertThat(get("/actuator/metrics/reprise.cache?tag=reprise.outcome:semantic-hit"))
        .contains("openAiChatModel", "\"value\":1.0");

    assertThat(stream("Which payment methods do you accept?")).isEqualTo(ANSWER);
    assertThat(stream("Which payment methods do you accept?")).isEqualTo(ANSWER);
    assertThat(UPSTREAM.calls()).isEqualTo(2);

    assertThat(ask("/steps", "How do I change my address?")).isEqualTo(STEPS);
    assertThat(ask("/steps", "How do I change my address?")).isEqualTo(STEPS);
    assertThat(UPSTREAM.calls()).isEqualTo(3);

    assertThat(ask("/opening", "Which days are you open?")).isEqualTo(ANSWER);
    assertThat(UPSTREAM.calls()).isEqualTo(5);
    assertThat(ask("/opening", "Which days are you open?")).isEqualTo(ANSWER);
    // A model's wish to call a tool is not stored; what it answers to the result is.
    assertThat(UPSTREAM.calls()).isEqualTo(6);

    assertTheActuatorExplainsTakesFeedbackAndRemoves();
  }

  private void assertTheActuatorExplainsTakesFeedbackAndRemoves() throws Exception {
    String question = "{\"question\":\"How do I reset my password?\"}";
    String explained = send("POST", "/actuator/reprise", question, 200);
    assertThat(explained).contains("\"exactHitIn\":\"memory\"");
    Matcher key = Pattern.compile("\"key\":\"([0-9a-f]{64})\"").matcher(explained);
    assertThat(key.find()).as(explained).isTrue();
    String entry = "/actuator/reprise/" + key.group(1);

    assertThat(send("POST", entry, "{\"feedback\":\"right\"}", 200)).contains("\"recorded\":true");
    send("POST", entry, "{\"feedback\":\"so-so\"}", 400);
    assertThat(send("DELETE", entry, "", 200)).contains("\"removed\":1");
    int before = UPSTREAM.calls();
    ask("/ask", "How do I reset my password?");
    assertThat(UPSTREAM.calls()).isEqualTo(before + 1);

    send("DELETE", "/actuator/reprise", "", 400);
    assertThat(send("DELETE", "/actuator/reprise?tenantScope=shop", "", 200))
        .doesNotContain("\"removed\":0");
    ask("/ask", "How do I reset my password?");
    assertThat(UPSTREAM.calls()).isEqualTo(before + 2);
  }
}
