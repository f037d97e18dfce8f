package dev.reprise.gateway;

import static dev.reprise.gateway.WireClient.cache;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.http.Hosts;
import dev.reprise.gateway.http.Origins;
import dev.reprise.gateway.request.Neutral;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What headers of a request mean for its answer, and which web pages may ask. */
class GatewayHeadersTest {
  private static final String PATH = "/chat/completions";
  private static final String BODY =
      "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"Why?\"}]}";
  private static final String PAGE = "https://app.example";

  private final WireClient client = new WireClient();
  private final HttpClient http = HttpClient.newHttpClient();
  private ScriptedModelServer upstream;
  private ScriptedModelServer keyed;
  private Gateway gateway;

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedModelServer();
    keyed = new ScriptedModelServer();
    gateway = gateway(List.of(PAGE));
  }

  private Gateway gateway(List<String> pages) {
    return Gateway.builder(upstream.url(), CacheEngine.builder())
        .port(0)
        .upstreamKey("sk-owner")
        .route("keyed", keyed.url(), "sk-route")
        .allowOrigins(pages)
        .start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
    keyed.close();
  }

  private String asked(String... headers) throws Exception {
    return cache(client.post(gateway, PATH, BODY, headers));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-portkey-api-key",
        "x-goog-api-key",
        "cf-aig-authorization",
        "Helicone-Auth",
        "x-portkey-config",
        "anthropic-beta",
        "OpenAI-Beta",
        "X-What-Nobody-Knows"
      })
  void whatTheUpstreamIsSentAndNobodyKnowsDividesTheAnswers(String header) throws Exception {
    assertThat(asked(header, "one")).isEqualTo("miss");
    assertThat(asked(header, "one")).isEqualTo("hit-exact");
    assertThat(asked(header, "two")).isEqualTo("miss");
    assertThat(asked()).isEqualTo("miss");
    assertThat(upstream.received()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-OpenWebUI-User-Id",
        "X-OpenWebUI-User-Email",
        "X-OpenWebUI-User-Role",
        "X-LibreChat-User-Id",
        "Helicone-User-Id"
      })
  void whatTellsTheUserDividesTheAnswersAndCannotBeNeutral(String header) throws Exception {
    assertThat(asked(header, "ann")).isEqualTo("miss");
    assertThat(asked(header, "bob")).isEqualTo("miss");
    assertThat(asked(header, "ann")).isEqualTo("hit-exact");
    assertThatThrownBy(() -> new Neutral(List.of(), List.of(header)))
        .hasMessageContaining("tells who asks");
  }

  @ParameterizedTest
  @CsvSource({
    "X-Reprise-Scop, X-Reprise-Scope",
    "x-reprise-scopes, X-Reprise-Scope",
    "X-Reprise-TT, X-Reprise-TTL",
    "X-Reprise-Tag, X-Reprise-Tags",
    "X-Reprise-Usecase, X-Reprise-Use-Case",
    "X-Reprise-Max-Wrong-Ratio, X-Reprise-Max-Wrong-Rate",
    "X-Reprise-Temperature-When-Unset, ''",
    "X-Reprise-Color, ''"
  })
  void aHeaderOfTheGatewaysThatItDoesNotKnowIsRefused(String header, String meant)
      throws Exception {
    for (String stream : List.of("", "\"stream\":true,")) {
      HttpResponse<String> refused =
          client.post(
              gateway, PATH, BODY.replace("{\"model\"", "{" + stream + "\"model\""), header, "a");
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body())
          .contains("invalid_header")
          .contains("the gateway knows no request header " + header)
          .contains("It knows X-Reprise-Use-Case, X-Reprise-TTL,")
          .contains(meant.isEmpty() ? header + ". It knows" : "; is " + meant + " meant?");
    }
    assertThat(upstream.received()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "User-Agent",
        "X-Stainless-Retry-Count",
        "Idempotency-Key",
        "X-Request-Id",
        "traceparent",
        "X-Forwarded-For",
        "grpc-trace-bin",
        "amz-sdk-invocation-id",
        "X-OpenWebUI-Chat-Id",
        "X-OpenWebUI-Message-Id",
        "eagleeye-traceid",
        "Pinpoint-TraceID",
        "X-Fern-SDK-Version",
        "CF-Timezone"
      })
  void whatShapesNoAnswerDividesNone(String header) throws Exception {
    assertThat(asked(header, "one")).isEqualTo("miss");
    assertThat(asked(header, "two")).isEqualTo("hit-exact");
  }

  @Test
  void aRouteWithItsOwnKeySeesNoSecretOfTheClient() throws Exception {
    String[] secrets = {"x-goog-api-key", "g", "Helicone-Auth", "h", "X-Auth-Token", "t"};
    client.post(gateway, PATH, BODY.replace("\"m\"", "\"keyed\""), secrets);

    Map<String, List<String>> seen = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    seen.putAll(keyed.received().get(0).headers());
    assertThat(seen.get("authorization")).containsExactly("Bearer sk-route");
    assertThat(List.of("x-goog-api-key", "helicone-auth", "x-auth-token"))
        .noneMatch(seen::containsKey);
  }

  @Test
  void aGroupCannotBeNamedLikeAScopeOfAnother() {
    assertThatThrownBy(
            () ->
                Gateway.builder(upstream.url(), CacheEngine.builder())
                    .group("eng/board", List.of("sk-b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("eng/board");
  }

  @Test
  void blanksAroundADocumentsNameAreNoPartOfIt() throws Exception {
    assertThat(asked("X-Reprise-Documents", "handbook = 7")).isEqualTo("miss");
    assertThat(asked("X-Reprise-Documents", "handbook=7")).isEqualTo("hit-exact");
    HttpResponse<String> refused = client.post(gateway, PATH, BODY, "X-Reprise-Documents", " = 7");
    assertThat(refused.statusCode()).isEqualTo(400);
  }

  // --- web pages --------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "Origin, https://evil.example",
    "Origin, null",
    "Origin, http://evil.example:8080",
    "Sec-Fetch-Site, cross-site",
  })
  void aPageThatNobodyNamedIsRefusedAndNothingIsAsked(String header, String value)
      throws Exception {
    for (String path : List.of(PATH, "/audio/speech", "/files")) {
      HttpResponse<String> response = client.post(gateway, path, BODY, header, value);
      assertThat(response.statusCode()).isEqualTo(403);
      assertThat(response.body()).contains("origin_not_allowed").contains("--allow-origin");
      assertThat(response.headers().firstValue("access-control-allow-origin")).isEmpty();
    }
    assertThat(upstream.received()).isEmpty();
  }

  @Test
  void aPageThatIsNamedReadsMissesHitsAndErrors() throws Exception {
    for (String body : List.of(BODY, BODY, "{")) {
      HttpResponse<String> response = client.post(gateway, PATH, body, "Origin", PAGE);
      assertThat(response.headers().allValues("access-control-allow-origin"))
          .as("%s: %s", response.statusCode(), response.body())
          .containsExactly(PAGE);
    }
    assertThat(upstream.received()).hasSize(1);
  }

  @Test
  void theGatewayItselfTellsABrowserThatANamedPageMayAsk() throws Exception {
    HttpRequest preflight =
        HttpRequest.newBuilder(URI.create(gateway.url() + PATH))
            .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
            .header("Origin", PAGE)
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "authorization,content-type")
            .build();
    HttpResponse<String> response = http.send(preflight, BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(response.headers().map())
        .containsEntry("access-control-allow-origin", List.of(PAGE))
        .containsEntry("access-control-allow-methods", List.of("POST"))
        .containsEntry("access-control-allow-headers", List.of("authorization,content-type"));
    assertThat(upstream.received()).isEmpty();
  }

  @Test
  void itsOwnPagesMayAskAndThoseOfANameThatLeadsToItMayNot() {
    Origins local = new Origins(List.of(), new Hosts(List.of(), "127.0.0.1", true));
    Origins wide = new Origins(List.of(), new Hosts(List.of(), "0.0.0.0", false));

    assertThat(local.allow(from("http://127.0.0.1:8080", "127.0.0.1:8080"))).isTrue();
    assertThat(local.allow(from("http://localhost:8080", "localhost:8080"))).isTrue();
    assertThat(local.allow(from("http://localhost:3000", "localhost:8080"))).isFalse();
    assertThat(local.allow(from("http://evil.example:8080", "evil.example:8080"))).isFalse();
    assertThat(wide.allow(from("http://cache.example:8080", "cache.example:8080"))).isTrue();
    assertThat(wide.allow(from("http://evil.example", "cache.example:8080"))).isFalse();
    assertThat(
            new Origins(List.of("*"), new Hosts(List.of(), "127.0.0.1", true))
                .allow(from("null", "x")))
        .isTrue();
  }

  private static HttpFields from(String origin, String host) {
    return HttpFields.build().add("Origin", origin).add("Host", host);
  }

  @ParameterizedTest
  @ValueSource(strings = {"app.example", "https://app.example/", "https://app.example/x", ""})
  void whatIsNoOriginIsRefused(String origin) {
    assertThatThrownBy(
            () ->
                Gateway.builder(upstream.url(), CacheEngine.builder())
                    .allowOrigins(List.of(origin)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
