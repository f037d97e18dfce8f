package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an administrator and Prometheus get. */
class GatewayAdminTest {
  private static final String TOKEN = "an admin token of some length";
  private static final String QUESTION =
      "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"Why?\"}]}";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private ScriptedModelServer upstream;
  private Gateway gateway;

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedModelServer();
    gateway =
        Gateway.builder(upstream.url(), CacheEngine.builder()).port(0).adminToken(TOKEN).start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String path, String token)
      throws IOException, InterruptedException {
    return client.send(
        request
            .uri(URI.create("http://127.0.0.1:" + gateway.port() + path))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + token)
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder().GET(), path, TOKEN);
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return send(HttpRequest.newBuilder().POST(BodyPublishers.ofString(body)), path, TOKEN);
  }

  private HttpResponse<String> ask() throws Exception {
    return post("/v1/chat/completions", QUESTION);
  }

  private static String entry(HttpResponse<String> answer) {
    return answer.headers().firstValue("x-reprise-entry").orElseThrow();
  }

  @Test
  void statisticsCountWhatHappened() throws Exception {
    ask();
    ask();

    JsonNode stats = Json.read(get("/admin/stats").body());
    assertThat(stats.path("requests").asLong()).isEqualTo(2);
    assertThat(stats.path("exactHits").asLong()).isEqualTo(1);
    assertThat(stats.path("computed").asLong()).isEqualTo(1);
    assertThat(stats.path("hitRate").asDouble()).isEqualTo(0.5);
  }

  @Test
  void anAnswerThatIsReportedAsWrongIsGone() throws Exception {
    ask();
    String entry = entry(ask());

    String body = "{\"entry\":\"" + entry + "\",\"feedback\":\"wrong\"}";
    assertThat(post("/admin/feedback", body).body()).isEqualTo("{\"known\":true}");
    assertThat(ask().headers().firstValue("x-reprise-cache")).hasValue("miss");
  }

  @Test
  void entriesAreInvalidatedByTheirKey() throws Exception {
    String entry = entry(ask());

    String body = "{\"entry\":\"" + entry + "\"}";
    assertThat(post("/admin/invalidate", body).body()).isEqualTo("{\"removed\":1}");
    assertThat(post("/admin/invalidate", body).body()).isEqualTo("{\"removed\":0}");
    assertThat(post("/admin/invalidate", "{\"tag\":\"nobody\"}").body())
        .isEqualTo("{\"removed\":0}");
    assertThat(ask().headers().firstValue("x-reprise-cache")).hasValue("miss");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/admin/feedback   | {}                                    | entry must be a text",
        "/admin/feedback   | {\"entry\":\"12\",\"feedback\":\"wrong\"} | entry must be the 64 digits",
        "/admin/approve    | {}                                    | entry must be a text",
        "/admin/approve    | {\"entry\":\"12\"}                     | entry must be the 64 digits",
        "/admin/invalidate | {}                                    | name one of",
        "/admin/invalidate | {\"scope\":7}                         | scope must be a text",
        "/admin/invalidate | {\"tag\":7}                           | tag must be a text",
        "/admin/invalidate | {\"tag\"                              | not valid JSON",
      })
  void whatIsWrongIsSaid(String path, String body, String message) throws Exception {
    HttpResponse<String> answer = post(path, body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Json.read(answer.body()).at("/error/message").asText()).contains(message);
  }

  @Test
  void everybodyElseIsRefused() throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder().GET();
    assertThat(send(request, "/admin/stats", "another token altogether").statusCode())
        .isEqualTo(401);
    assertThat(get("/admin/other").statusCode()).isEqualTo(404);
    try (Gateway without = Gateway.builder(upstream.url(), CacheEngine.builder()).port(0).start()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + without.port() + "/admin/stats"))
                  .header("Authorization", "Bearer ")
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.body()).contains("REPRISE_ADMIN_TOKEN");
    }
  }

  @Test
  void prometheusReadsTheCachesMeters() throws Exception {
    ask();
    ask();

    HttpResponse<String> answer = get("/metrics");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    assertThat(answer.body())
        .contains("cache_gets_total{cache=\"gateway\",result=\"hit\",tier=\"memory\"} 1.0")
        .contains("cache_gets_total{cache=\"gateway\",result=\"miss\",tier=\"none\"} 1.0")
        .contains("jvm_memory_used_bytes");
  }
}
