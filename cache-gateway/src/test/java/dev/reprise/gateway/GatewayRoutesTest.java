package dev.reprise.gateway;

import static dev.reprise.gateway.WireClient.cache;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.upstream.UpstreamClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway in front of several upstreams. */
class GatewayRoutesTest {
  private static final String[] KEY = {"Authorization", "Bearer sk-client"};

  private final WireClient client = new WireClient();
  private ScriptedModelServer standard;
  private ScriptedModelServer other;
  private ScriptedModelServer keyed;
  private Gateway gateway;

  @BeforeEach
  void start() throws IOException {
    standard = new ScriptedModelServer();
    other = new ScriptedModelServer();
    keyed = new ScriptedModelServer();
    gateway =
        Gateway.builder(standard.url(), CacheEngine.builder())
            .port(0)
            .upstreamKey("sk-standard")
            .route("keyed-*", keyed.url(), "sk-keyed")
            .route("other-?", other.url(), "")
            .route("*-2", keyed.url(), "sk-second")
            .start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    standard.close();
    other.close();
    keyed.close();
  }

  @Test
  void theFirstPatternThatFitsTheModelTellsWhoIsAsked() throws Exception {
    for (String model : List.of("other-1", "other-2", "other-10", "keyed-2", "OTHER-1", "x-2")) {
      client.post(gateway, "/chat/completions", chat(model));
    }

    assertThat(models(other)).containsExactly("other-1", "other-2");
    assertThat(models(keyed)).containsExactly("keyed-2", "x-2");
    assertThat(models(standard)).containsExactly("other-10", "OTHER-1");
  }

  @Test
  void everyPathWithAModelInItsBodyIsRouted() throws Exception {
    client.post(
        gateway, "/responses", "{\"model\":\"other-1\",\"temperature\":0,\"input\":\"Why?\"}");
    client.post(gateway, "/embeddings", "{\"model\":\"other-1\",\"input\":\"Why?\"}");
    client.post(gateway, "/embeddings", "{\"model\":\"other-1\",\"input\":[\"Why?\",\"How?\"]}");
    String speech = "{\"model\": \"other-1\", \"input\":\"Aloud\"}";
    client.post(gateway, "/audio/speech?x=1", speech);
    client.post(gateway, "/audio/speech", "{\"input\":\"Aloud\"}");

    assertThat(other.received().stream().map(ScriptedModelServer.Received::target))
        .containsExactly(
            "/v1/responses", "/v1/embeddings", "/v1/embeddings", "/v1/audio/speech?x=1");
    assertThat(other.received().get(3).body()).isEqualTo(speech);
    assertThat(standard.received()).hasSize(1);
  }

  @Test
  void whatNamesNoModelGoesToTheGatewaysOwnUpstream() throws Exception {
    HttpRequest list =
        HttpRequest.newBuilder(URI.create(gateway.url() + "/models/other-1")).build();
    HttpClient.newHttpClient().send(list, BodyHandlers.ofString());

    assertThat(standard.received()).hasSize(1);
    assertThat(other.received()).isEmpty();
  }

  @Test
  void aRoutesOwnKeyIsShownInPlaceOfTheClientsAndNowhereElse() throws Exception {
    String[] secrets = {
      "Authorization", "Bearer sk-client", "api-key", "sk-azure", "Cookie", "c=1"
    };
    client.post(gateway, "/chat/completions", chat("keyed-1"), secrets);
    client.post(gateway, "/audio/speech", "{\"model\":\"keyed-1\"}", secrets);
    client.post(gateway, "/chat/completions", chat("keyed-1"));

    assertThat(keyed.received()).hasSize(3);
    for (ScriptedModelServer.Received request : keyed.received()) {
      assertThat(authorization(request)).containsExactly("Bearer sk-keyed");
      assertThat(request.headers()).doesNotContainKeys("Api-key", "Cookie");
    }
  }

  @Test
  void withoutAKeyOfItsOwnARouteSeesTheClientsAndNeverTheGateways() throws Exception {
    client.post(gateway, "/chat/completions", chat("other-1"), KEY);
    client.post(gateway, "/chat/completions", chat("other-1"));
    client.post(gateway, "/chat/completions", chat("standard"), KEY);
    client.post(gateway, "/chat/completions", chat("standard"));

    assertThat(authorization(other.received().get(0))).containsExactly("Bearer sk-client");
    assertThat(other.received().get(1).headers()).doesNotContainKey("Authorization");
    assertThat(authorization(standard.received().get(0))).containsExactly("Bearer sk-client");
    assertThat(authorization(standard.received().get(1))).containsExactly("Bearer sk-standard");
  }

  @Test
  void aKeyIsNotShownToAnotherMachineOverPlainHttp() {
    Map<String, UpstreamClient.ClientKeys> expected =
        Map.of(
            "http://127.0.0.1:1", UpstreamClient.ClientKeys.PASSED_ON,
            "http://localhost:1", UpstreamClient.ClientKeys.PASSED_ON,
            "http://[::1]:1", UpstreamClient.ClientKeys.PASSED_ON,
            "https://models.example", UpstreamClient.ClientKeys.PASSED_ON,
            "http://models.example", UpstreamClient.ClientKeys.WITHHELD,
            "http://127.0.0.1.example", UpstreamClient.ClientKeys.WITHHELD);
    expected.forEach(
        (url, keys) ->
            assertThat(GatewayBuilder.clientKeys(URI.create(url), "")).as(url).isEqualTo(keys));
  }

  @Test
  void anAnswerOfOneUpstreamIsNoAnswerOfAnother() throws Exception {
    client.post(gateway, "/chat/completions", chat("other-1"), KEY);
    assertThat(cache(client.post(gateway, "/chat/completions", chat("other-1"), KEY)))
        .isEqualTo("hit-exact");
    try (Gateway elsewhere =
        Gateway.builder(standard.url(), CacheEngine.builder())
            .port(0)
            .route("other-*", keyed.url(), "")
            .start()) {
      assertThat(cache(client.post(elsewhere, "/chat/completions", chat("other-1"), KEY)))
          .isEqualTo("miss");
    }
  }

  @Test
  void aRouteThatCannotBeIsRefused() {
    GatewayBuilder builder = Gateway.builder(standard.url(), CacheEngine.builder());

    assertThatThrownBy(() -> builder.route("m", URI.create("ftp://x"), ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("route of m");
    assertThatThrownBy(() -> builder.route(" ", standard.url(), ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pattern");
  }

  private static List<String> authorization(ScriptedModelServer.Received request) {
    return request.headers().getOrDefault("Authorization", List.of());
  }

  private static List<String> models(ScriptedModelServer upstream) {
    return upstream.received().stream().map(r -> r.json().path("model").asText()).toList();
  }

  private static String chat(String model) {
    return "{\"model\":\""
        + model
        + "\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"Why?\"}]}";
  }
}
