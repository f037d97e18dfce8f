package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.embed.Embedder;
import dev.reprise.embedded.HnswSemanticTier;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.http.Json;
import dev.reprise.match.Matcher;
import dev.reprise.model.UseCase;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.Mode;
import dev.reprise.policy.UseCasePolicy;
import dev.reprise.testing.OnePlaceEmbedder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shadow mode on the wire: everything is the upstream's, and the headers tell what would be. */
class GatewayShadowTest {
  private static final String TOKEN = "an admin token of some length";

  private final WireClient client = new WireClient();
  private final ScriptedModelServer upstream = new ScriptedModelServer();

  GatewayShadowTest() throws IOException {}

  @AfterEach
  void stop() {
    upstream.close();
  }

  private Gateway gateway(UseCasePolicy.Builder policy) throws IOException {
    Embedder embedder = new OnePlaceEmbedder();
    return Gateway.builder(
            upstream.url(),
            CacheEngine.builder()
                .semanticTier(HnswSemanticTier.builder(embedder.dimension()).build(), embedder)
                .matcher(Matcher.threshold(0.9)))
        .port(0)
        .adminToken(TOKEN)
        .chatPolicy(policy.build())
        .start();
  }

  @ParameterizedTest
  @CsvSource({
    "/chat/completions, false",
    "/chat/completions, true",
    "/responses, false",
    "/responses, true"
  })
  void everyRequestGoesToTheUpstream(String path, boolean stream) throws Exception {
    try (Gateway gateway = gateway(CachePolicy.builder().mode(Mode.SHADOW))) {
      HttpResponse<String> miss = client.post(gateway, path, body(path, stream, "One?"));
      assertThat(miss.statusCode()).as(miss.body()).isEqualTo(200);
      assertThat(header(miss, "shadow")).hasValue("would-miss");
      HttpResponse<String> exact = client.post(gateway, path, body(path, stream, "One?"));
      assertThat(WireClient.cache(exact)).isEqualTo("miss");
      assertThat(header(exact, "shadow")).hasValue("would-hit-exact");
      assertThat(header(exact, "tier")).hasValue("memory");
      String[] shadow = {""};
      WireClient.await(
          () -> {
            HttpResponse<String> near = post(gateway, path, body(path, stream, "Two?"));
            assertThat(WireClient.cache(near)).isEqualTo("miss");
            shadow[0] = header(near, "shadow").orElse("none");
            if (shadow[0].equals("would-hit-semantic")) {
              assertThat(header(near, "entry")).isEqualTo(header(exact, "entry"));
              assertThat(header(near, "confidence")).isPresent();
            }
            return !shadow[0].equals("would-miss");
          });
      // The row is written in the background; until then "Two?" itself is a miss, and is stored.
      assertThat(shadow[0]).isIn("would-hit-semantic", "would-hit-exact");
      assertThat(upstream.received().size())
          .isEqualTo((int) stats(gateway).path("upstreamCalls").asLong());
    }
  }

  @Test
  void statisticsDecisionsAndBreakdownTellWhatWouldBe() throws Exception {
    try (Gateway gateway = gateway(CachePolicy.builder().mode(Mode.SHADOW))) {
      for (int i = 0; i < 3; i++) {
        client.post(
            gateway, "/chat/completions", body("/chat/completions", false, "The same question?"));
      }
      WireClient.await(() -> stats(gateway).path("shadow").path("exactCompared").asLong() == 2);
      JsonNode stats = stats(gateway);
      assertThat(stats.path("exactHits").asLong()).isZero();
      assertThat(stats.path("shadow").path("lookups").asLong()).isEqualTo(3);
      assertThat(stats.path("shadow").path("exactHits").asLong()).isEqualTo(2);
      assertThat(stats.path("shadow").path("wrongPerHit").isMissingNode()).isTrue();
      JsonNode decisions = admin(gateway, "decisions").path("decisions");
      assertThat(decisions.path(0).path("kind").asText()).isEqualTo("would-hit-exact");
      assertThat(decisions.path(0).path("entry").asText()).hasSize(64);
      assertThat(decisions.path(2).path("kind").asText()).isEqualTo("miss");
      assertThat(admin(gateway, "breakdown").path("byModel").path(0).path("wouldHits").asLong())
          .isEqualTo(2);
    }
  }

  @Test
  void whoIsNotInShadowModeHasNoShadowFigures() throws Exception {
    try (Gateway gateway = gateway(CachePolicy.builder())) {
      HttpResponse<String> live =
          client.post(gateway, "/chat/completions", body("/chat/completions", false, "One?"));
      assertThat(header(live, "shadow")).isEmpty();
      assertThat(stats(gateway).has("shadow")).isFalse();
    }
  }

  @Test
  void aUseCaseMayBeLiveBeforeTheOthers() throws Exception {
    UseCasePolicy.Builder policy =
        CachePolicy.builder().mode(Mode.SHADOW).mode(UseCase.FAQ, Mode.LIVE);
    try (Gateway gateway = gateway(policy)) {
      String body = body("/chat/completions", false, "One?");
      client.post(gateway, "/chat/completions", body, "X-Reprise-Use-Case", "faq");
      HttpResponse<String> hit =
          client.post(gateway, "/chat/completions", body, "X-Reprise-Use-Case", "faq");
      assertThat(WireClient.cache(hit)).isEqualTo("hit-exact");
      client.post(gateway, "/chat/completions", body);
      HttpResponse<String> shadow = client.post(gateway, "/chat/completions", body);
      assertThat(header(shadow, "shadow")).hasValue("would-hit-exact");
    }
  }

  @Test
  void offIsABypassThatSaysSo() throws Exception {
    try (Gateway gateway = gateway(CachePolicy.builder().mode(Mode.OFF))) {
      HttpResponse<String> past =
          client.post(gateway, "/chat/completions", body("/chat/completions", false, "One?"));
      assertThat(WireClient.cache(past)).isEqualTo("bypass");
      assertThat(WireClient.reason(past)).startsWith("off; ");
      HttpResponse<String> embedded =
          client.post(gateway, "/embeddings", "{\"model\":\"e\",\"input\":\"One?\"}");
      assertThat(WireClient.reason(embedded)).startsWith("off; ");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"\"One?\"", "[\"One?\",\"Two?\"]"})
  void embeddingsAreAskedAgainToo(String input) throws Exception {
    try (Gateway gateway = gateway(CachePolicy.builder().mode(Mode.SHADOW))) {
      String body = "{\"model\":\"e\",\"input\":" + input + "}";
      HttpResponse<String> first = client.post(gateway, "/embeddings", body);
      long stored = stats(gateway).path("stored").asLong();
      HttpResponse<String> second = client.post(gateway, "/embeddings", body);
      assertThat(WireClient.cache(first)).isEqualTo("miss");
      assertThat(WireClient.cache(second)).isEqualTo("miss");
      assertThat(upstream.received()).hasSize(2);
      assertThat(stats(gateway).path("stored").asLong()).isEqualTo(stored);
      assertThat(stats(gateway).path("shadow").path("exactHits").asLong())
          .isEqualTo(input.startsWith("[") ? 2 : 1);
    }
  }

  private static String body(String path, boolean stream, String question) {
    ObjectNode body = Json.object().put("model", "m").put("temperature", 0).put("stream", stream);
    if (path.equals("/responses")) {
      body.put("store", false).put("input", question);
    } else {
      body.putArray("messages").addObject().put("role", "user").put("content", question);
    }
    return body.toString();
  }

  private HttpResponse<String> post(Gateway gateway, String path, String body) {
    try {
      return client.post(gateway, path, body);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Optional<String> header(HttpResponse<?> response, String name) {
    return response.headers().firstValue("x-reprise-" + name);
  }

  private static JsonNode stats(Gateway gateway) {
    return admin(gateway, "stats");
  }

  private static JsonNode admin(Gateway gateway, String what) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + gateway.port() + "/admin/" + what))
              .header("Authorization", "Bearer " + TOKEN)
              .build();
      return Json.read(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
