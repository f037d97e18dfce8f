package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.testing.ScriptedOpenAi;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The application, asked over HTTP, in front of a scripted upstream. */
@QuarkusTest
@QuarkusTestResource(Upstream.class)
class SupportTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  ScriptedOpenAi upstream;

  @Inject CacheEngine engine;

  @TestHTTPResource("/ask")
  URI url;

  private String ask(String question) throws Exception {
    String query = "?q=" + URLEncoder.encode(question, StandardCharsets.UTF_8);
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(url + query)).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  @Test
  void anEqualQuestionAndAParaphraseAreAnsweredFromTheCache() throws Exception {
    String answer = ask("How do I reset my password?");
    assertThat(engine.drain(Duration.ofSeconds(60))).isTrue();
    assertThat(ask("How do I reset my password?")).isEqualTo(answer);
    assertThat(ask("How can I reset my password?")).isEqualTo(answer);
    assertThat(upstream.calls()).isEqualTo(1);
    assertThat(engine.stats().exactHits()).isEqualTo(1);
    assertThat(engine.stats().semanticHits()).isEqualTo(1);

    assertThat(ask("How do I delete my account?")).isNotEqualTo(answer);
    assertThat(upstream.calls()).isEqualTo(2);
  }
}
