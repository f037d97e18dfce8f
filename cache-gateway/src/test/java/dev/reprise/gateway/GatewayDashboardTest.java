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
import org.junit.jupiter.params.provider.ValueSource;

/** What the dashboard shows: the page itself, and what it asks of the gateway. */
class GatewayDashboardTest {
  private static final String TOKEN = "an admin token of some length";

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

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        request(path).header("Authorization", "Bearer " + TOKEN).build(), BodyHandlers.ofString());
  }

  private JsonNode read(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.read(answer.body());
  }

  private JsonNode post(String path, String body) throws Exception {
    HttpResponse<String> answer =
        client.send(
            request(path)
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    return Json.read(answer.body());
  }

  private HttpResponse<String> ask(String key, String question, String temperature, String tags)
      throws Exception {
    String body =
        "{\"model\":\"m\",\"temperature\":"
            + temperature
            + ",\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},"
            + "{\"role\":\"user\",\"content\":\""
            + question
            + "\"}]}";
    return client.send(
        request("/v1/chat/completions")
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .header("X-Reprise-Tags", tags)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static String cache(HttpResponse<String> answer) {
    return answer.headers().firstValue("x-reprise-cache").orElse("none: " + answer.body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/style.css",
        "/icon.svg",
        "/main.js",
        "/api.js",
        "/dom.js",
        "/charts.js",
        "/feed.js",
        "/entries.js",
        "/chart.js"
      })
  void everyPartOfThePageIsServedWithNothingFromElsewhere(String part) throws Exception {
    HttpResponse<String> answer =
        client.send(request("/dashboard" + part).build(), BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isNotBlank();
    assertThat(answer.headers().firstValue("content-security-policy").orElseThrow())
        .startsWith("default-src 'none'")
        .doesNotContain("unsafe", "http", "*");
    assertThat(answer.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    assertThat(answer.headers().firstValue("content-type")).isPresent();
  }

  @Test
  void decisionsAreShownNewestFirstAndOnlyThoseThatAreNew() throws Exception {
    ask("a", "Why?", "0", "t");
    long after = read("/admin/decisions").path("newest").asLong();
    ask("a", "Why?", "0", "t");
    ask("a", "Why?", "1", "t");

    JsonNode shown = read("/admin/decisions?after=" + after);
    assertThat(shown.path("decisions").findValuesAsText("kind"))
        .containsExactly("bypass", "hit-exact");
    JsonNode hit = shown.path("decisions").path(1);
    assertThat(hit.path("question").asText()).isEqualTo("Why?");
    assertThat(hit.path("tier").asText()).isEqualTo("memory");
    assertThat(hit.path("entry").asText()).hasSize(64);
    assertThat(shown.path("decisions").path(0).path("reason").asText()).contains("temperature");
  }

  @Test
  void ofAMissTheFieldThatDiffersIsNamed() throws Exception {
    ask("a", "Why?", "0", "t");
    post(
        "/v1/chat/completions",
        "{\"model\":\"another\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"Why?\"}]}");
    ask("b", "Why?", "0", "t");

    JsonNode explained = read("/admin/explain?decision=3");
    assertThat(explained.path("comparedWith").path("question").asText()).isEqualTo("Why?");
    assertThat(explained.path("differences").findValuesAsText("field")).contains("scope");
    JsonNode second = read("/admin/explain?decision=2");
    assertThat(second.path("differences").findValuesAsText("field")).contains("model", "scope");
    assertThat(second.path("differences").toString()).contains("\"another\"");
    assertThat(get("/admin/explain?decision=99").statusCode()).isEqualTo(404);
  }

  @Test
  void entriesAreFoundByTheirTextAndTagAndOrdered() throws Exception {
    ask("a", "Why is the sky blue?", "0", "sky");
    ask("a", "Why is the sea salty?", "0", "sea");

    assertThat(read("/admin/entries").path("matched").asLong()).isEqualTo(2);
    JsonNode found = read("/admin/entries?q=SALTY");
    assertThat(found.path("matched").asLong()).isEqualTo(1);
    assertThat(found.path("visited").asLong()).isEqualTo(2);
    assertThat(found.path("scan").asText()).isEqualTo("complete");
    JsonNode entry = found.path("entries").path(0);
    assertThat(entry.path("question").asText()).isEqualTo("Why is the sea salty?");
    assertThat(entry.path("tags").toString()).isEqualTo("[\"sea\"]");
    assertThat(entry.path("bytes").asLong()).isPositive();
    assertThat(read("/admin/entries?tag=sky").path("entries").findValuesAsText("question"))
        .containsExactly("Why is the sky blue?");
    assertThat(read("/admin/entries?sort=largest&limit=1").path("entries")).hasSize(1);
    assertThat(get("/admin/entries?sort=other").statusCode()).isEqualTo(400);
    assertThat(get("/admin/entries?limit=1000").statusCode()).isEqualTo(400);
  }

  @Test
  void allOfAScopeIsRemovedAndNothingOfAnother() throws Exception {
    ask("a", "Why?", "0", "t");
    ask("b", "Why?", "0", "t");
    JsonNode first = read("/admin/entries?sort=oldest").path("entries").path(0);
    String scope = first.path("scope").asText();
    assertThat(first.path("scopeLabel").asText()).hasSizeLessThan(16).startsWith("key ");

    assertThat(post("/admin/invalidate", "{\"scope\":\"" + scope + "\"}").path("removed").asLong())
        .isEqualTo(1);
    assertThat(cache(ask("b", "Why?", "0", "t"))).isEqualTo("hit-exact");
    assertThat(cache(ask("a", "Why?", "0", "t"))).isEqualTo("miss");
  }

  @Test
  void theEntriesOfADocumentAreFoundAndItIsNoTagOfTheirs() throws Exception {
    ask("a", "Why?", "0", "t");
    client.send(
        request("/v1/chat/completions")
            .header("Content-Type", "application/json")
            .header("X-Reprise-Documents", "handbook=7")
            .POST(
                BodyPublishers.ofString(
                    "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"How?\"}]}"))
            .build(),
        BodyHandlers.ofString());

    JsonNode found = read("/admin/entries?document=handbook");
    assertThat(found.path("matched").asLong()).isEqualTo(1);
    assertThat(found.path("entries").path(0).path("documents").toString())
        .isEqualTo("[\"handbook\"]");
    assertThat(found.path("entries").path(0).path("tags")).isEmpty();
  }

  @Test
  void nobodyGivesAnEntryTheTagOfAScope() throws Exception {
    HttpResponse<String> answer = ask("a", "Why?", "0", "scope:key:1");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("scope:");
  }

  @Test
  void aHitThatWasWrongIsAMissTheNextTime() throws Exception {
    ask("a", "Why?", "0", "t");
    ask("a", "Why?", "0", "t");
    String entry = read("/admin/decisions").path("decisions").path(0).path("entry").asText();

    String body = "{\"entry\":\"" + entry + "\",\"feedback\":\"wrong\",\"decision\":2}";
    assertThat(post("/admin/feedback", body).path("known").asBoolean()).isTrue();
    assertThat(cache(ask("a", "Why?", "0", "t"))).isEqualTo("miss");
  }

  @Test
  void theTimelineCountsHitsAndMisses() throws Exception {
    ask("a", "Why?", "0", "t");
    ask("a", "Why?", "0", "t");
    ask("a", "error", "0", "t");

    JsonNode timeline = read("/admin/timeline?minutes=1440");
    JsonNode whole = timeline.path("whole");
    assertThat(whole.path("exactHits").path("memory").asLong()).isEqualTo(1);
    assertThat(whole.path("misses").asLong()).isEqualTo(1);
    assertThat(whole.path("failed").asLong()).isEqualTo(1);
    assertThat(whole.path("hitLatency").path("p50Ms").asDouble()).isPositive();
    assertThat(timeline.path("stepSeconds").asInt()).isEqualTo(24 * 60);
    assertThat(timeline.path("slices")).hasSizeBetween(60, 61);
    assertThat(get("/admin/timeline?minutes=0").statusCode()).isEqualTo(400);
  }

  @Test
  void withoutATokenNothingIsShown() throws Exception {
    for (String path :
        new String[] {"decisions", "explain", "near-misses", "entries", "timeline"}) {
      HttpResponse<String> answer =
          client.send(request("/admin/" + path).build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(401);
    }
  }
}
