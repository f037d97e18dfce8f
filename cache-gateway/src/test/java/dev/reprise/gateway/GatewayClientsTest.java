package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What common clients send beyond a plain question. */
class GatewayClientsTest {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private ScriptedModelServer upstream;
  private Gateway gateway;

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedModelServer();
    gateway =
        Gateway.builder(upstream.url(), CacheEngine.builder())
            .port(0)
            .bypassModels(List.of("live-*"))
            .neutralMembers(List.of("user", "safety_identifier", "metadata.trace_id"))
            .neutralHeaders(List.of("X-Acme-Trace-*"))
            .start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  // --- paths ------------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21",
        "/openai/v1/chat/completions",
        "/v1beta/openai/chat/completions",
        "/v1/deployments/gpt-4o/chat/completions"
      })
  void theChatOfOtherProvidersIsCached(String path) throws Exception {
    ObjectNode body = question("Why?");
    if (path.contains("deployments")) {
      body.remove("model");
    }
    HttpResponse<String> first = send(path, body);
    HttpResponse<String> second = send(path, body);

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(cache(first)).isEqualTo("miss");
    assertThat(cache(second)).isEqualTo("hit-exact");
    assertThat(upstream.received().get(0).target()).isEqualTo(path);
  }

  @Test
  void twoDeploymentsAndTwoPathParametersAreTwoEntries() throws Exception {
    String path = "/openai/deployments/%s/chat/completions";
    send(path.formatted("a"), question("Why?"));
    assertThat(cache(send(path.formatted("b"), question("Why?")))).isEqualTo("miss");
    send("/v1/chat/completions;tenant=a", question("Why?"));
    assertThat(cache(send("/v1/chat/completions;tenant=b", question("Why?")))).isEqualTo("miss");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/models", "/api/tags", "/v1beta/models", "/openai/files"})
  void whatIsPassedThroughSaysSo(String path) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(gateway.url().resolve(path)).build(), BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(cache(answer)).isEqualTo("passed");
    assertThat(upstream.received().get(0).target()).isEqualTo(path);
  }

  // --- what looks things up ---------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"web_search_options\":{}",
        "\"plugins\":[{\"id\":\"web\"}]",
        "\"search_parameters\":{\"mode\":\"auto\"}",
        "\"enable_search\":true",
        "\"data_sources\":[{}]",
        "\"tools\":[{\"type\":\"web_search\"}]"
      })
  void whatSearchesIsDynamic(String member) throws Exception {
    ObjectNode body =
        (ObjectNode) Json.read("{" + member + "," + Json.text(question("Why?")).substring(1));
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> answer = send("/v1/chat/completions", body);
      assertThat(cache(answer)).isEqualTo("bypass");
      assertThat(reason(answer)).startsWith("dynamic");
    }
    assertThat(upstream.received().get(0).body()).isEqualTo(Json.text(body));
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-4o-search-preview,dynamic",
    "openai/gpt-4o:online,dynamic",
    "perplexity/sonar-pro,dynamic",
    "live-1,rule",
    "gpt-4o,"
  })
  void someModelsAreNotCached(String model, String code) throws Exception {
    ObjectNode body = question("Why?").put("model", model);
    send("/v1/chat/completions", body);
    HttpResponse<String> second = send("/v1/chat/completions", body);

    assertThat(cache(second)).isEqualTo(code == null ? "hit-exact" : "bypass");
    if (code != null) {
      assertThat(reason(second)).startsWith(code);
    }
  }

  @Test
  void aSearchThatIsOffIsNone() throws Exception {
    ObjectNode body = question("Why?");
    body.putObject("search_parameters").put("mode", "off");
    body.putArray("plugins");
    send("/v1/chat/completions", body);

    assertThat(cache(send("/v1/chat/completions", body))).isEqualTo("hit-exact");
  }

  // --- structured output ------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}", "\"required\""})
  void aForcedFunctionIsAnAnswer(String choice) throws Exception {
    for (String script : List.of("forced", "tools")) {
      ObjectNode body = question(script);
      body.set("tool_choice", Json.read(choice));
      body.putArray("tools")
          .add(Json.read("{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}"));
      HttpResponse<String> first = send("/v1/chat/completions", body);
      HttpResponse<String> second = send("/v1/chat/completions", body);
      HttpResponse<String> streamed =
          send("/v1/chat/completions", body.deepCopy().put("stream", true));
      assertThat(cache(first)).isEqualTo("miss");
      assertThat(cache(second)).isEqualTo("hit-exact");
      assertThat(cache(streamed)).isEqualTo("hit-exact");
      assertThat(Json.read(second.body()).path("choices"))
          .isEqualTo(Json.read(first.body()).path("choices"));
    }
  }

  @Test
  void aChoiceAmongToolsIsAnAction() throws Exception {
    for (String choice : List.of("\"auto\"", "\"required\"")) {
      ObjectNode body = question("tools");
      body.set("tool_choice", Json.read(choice));
      body.putArray("tools")
          .add(Json.read("{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}"))
          .add(Json.read("{\"type\":\"function\",\"function\":{\"name\":\"mail\"}}"));
      send("/v1/chat/completions", body);
      assertThat(cache(send("/v1/chat/completions", body))).isEqualTo("miss");
    }
  }

  @Test
  void argumentsThatAreNotTheFunctionsAreNotStored() throws Exception {
    for (String script : List.of("forced", "tools")) {
      ObjectNode body = question(script);
      body.put("tool_choice", "required");
      body.putArray("tools")
          .add(
              Json.read(
                  "{\"type\":\"function\",\"function\":{\"name\":\"weather\","
                      + "\"parameters\":{\"type\":\"object\",\"required\":[\"street\"]}}}"));
      send("/v1/chat/completions", body);
      HttpResponse<String> second = send("/v1/chat/completions", body);
      assertThat(cache(second)).isEqualTo("miss");
      assertThat(reason(second)).startsWith("incomplete");
      assertThat(cache(send("/v1/chat/completions", body.put("stream", true)))).isEqualTo("miss");
      assertThat(cache(send("/v1/chat/completions", body))).isEqualTo("miss");
    }
  }

  // --- other clothes ----------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"tool_choice\":\"auto\"",
        "\"top_logprobs\":0",
        "\"web_search_options\":null",
        "\"cache_control\":{\"type\":\"ephemeral\"}"
      })
  void aMemberThatSaysTheUsualDividesNothing(String member) throws Exception {
    ObjectNode body = question("Why?");
    send("/v1/chat/completions", body);
    ObjectNode dressed = (ObjectNode) Json.read("{" + member + "," + Json.text(body).substring(1));

    assertThat(cache(send("/v1/chat/completions", dressed))).isEqualTo("hit-exact");
  }

  @Test
  void anAnswerSentBackAsTheClientHasItIsTheSame() throws Exception {
    String ask = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},%s,%s]}";
    String plain = "{\"role\":\"assistant\",\"content\":\"Hello\"}";
    String dumped =
        "{\"role\":\"assistant\",\"content\":\"Hello\",\"refusal\":null,\"audio\":null,\"annotations\":[],"
            + "\"function_call\":null,\"tool_calls\":null}";
    String why = "{\"role\":\"user\",\"content\":\"Why?\"}";
    String marked =
        "{\"role\":\"user\",\"name\":null,\"content\":[{\"type\":\"text\",\"text\":\"Why?\","
            + "\"cache_control\":{\"type\":\"ephemeral\"}}]}";
    send("/v1/chat/completions", (ObjectNode) Json.read(ask.formatted(plain, why)));
    for (String[] said : new String[][] {{dumped, why}, {plain, marked}, {dumped, marked}}) {
      ObjectNode body = (ObjectNode) Json.read(ask.formatted(said[0], said[1]));
      assertThat(cache(send("/v1/chat/completions", body))).isEqualTo("hit-exact");
    }
    String named = plain.replace("{", "{\"refusal\":\"no\",");
    assertThat(
            cache(send("/v1/chat/completions", (ObjectNode) Json.read(ask.formatted(named, why)))))
        .isEqualTo("miss");
  }

  @Test
  void anEmbeddingInFloatsIsTheSame() throws Exception {
    ObjectNode input = Json.object().put("model", "m").put("input", "Once");
    send("/v1/embeddings", input);
    input.put("encoding_format", "float");
    assertThat(cache(send("/v1/embeddings", input))).isEqualTo("hit-exact");
  }

  // --- responses --------------------------------------------------------------------------------

  @Test
  void whatNamesAnEarlierResponseIsKeyedByIt() throws Exception {
    ObjectNode body = Json.object().put("model", "m").put("input", "And now?");
    body.put("previous_response_id", "resp_1");
    assertThat(cache(send("/v1/responses", body))).isEqualTo("miss");
    assertThat(cache(send("/v1/responses", body))).isEqualTo("hit-exact");
    body.put("previous_response_id", "resp_2");
    assertThat(cache(send("/v1/responses", body))).isEqualTo("miss");
  }

  @Test
  void referencesAreKeyedByTheirIdentifierAndResultsByTheirs() throws Exception {
    assertThat(cache(send("/v1/responses", referring("fc_1", "call_1", "call_2"))))
        .isEqualTo("miss");
    assertThat(cache(send("/v1/responses", referring("fc_1", "call_1", "call_2"))))
        .isEqualTo("hit-exact");
    assertThat(cache(send("/v1/responses", referring("fc_2", "call_1", "call_2"))))
        .isEqualTo("miss");
    assertThat(cache(send("/v1/responses", referring("fc_1", "call_2", "call_1"))))
        .isEqualTo("miss");
  }

  private static ObjectNode referring(String item, String one, String two) throws IOException {
    return (ObjectNode)
        Json.read(
            "{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"content\":\"Weather?\"},{\"type\":\"item_reference\",\"id\":\""
                + item
                + "\"},{\"type\":\"function_call_output\",\"call_id\":\""
                + one
                + "\",\"output\":\"12\"},{\"type\":\"function_call_output\",\"call_id\":\""
                + two
                + "\",\"output\":\"13\"}]}");
  }

  /** A replayed call has the identifier of the first one, so a conversation may have it twice. */
  @Test
  void oneIdentifierOfTwoCallsConfusesNothing() throws Exception {
    String path = "/v1/chat/completions";
    assertThat(cache(send(path, calling("call_1", "12", "call_1", "13")))).isEqualTo("miss");
    assertThat(cache(send(path, calling("call_1", "12", "call_1", "13")))).isEqualTo("hit-exact");
    assertThat(cache(send(path, calling("call_9", "12", "call_9", "13")))).isEqualTo("hit-exact");
    assertThat(cache(send(path, calling("call_1", "13", "call_1", "12")))).isEqualTo("miss");
    assertThat(cache(send(path, calling("call_1", "12", "call_1", "14")))).isEqualTo("miss");
    assertThat(upstream.received().get(0).json())
        .as("the upstream gets it as it is")
        .isEqualTo(calling("call_1", "12", "call_1", "13").put("temperature", 0));
  }

  private static ObjectNode calling(String one, String first, String two, String second)
      throws IOException {
    String turn =
        "{\"role\":\"user\",\"content\":\"Weather?\"},{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"%s\",\"type\":\"function\",\"function\":{\"name\":\"w\",\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"%s\",\"content\":\"%s\"}";
    return (ObjectNode)
        Json.read(
            "{\"model\":\"m\",\"messages\":["
                + turn.formatted(one, one, first)
                + ","
                + turn.formatted(two, two, second)
                + ",{\"role\":\"user\",\"content\":\"And?\"}]}");
  }

  @Test
  void aResponseThatIsDeletedIsNotReplayed() throws Exception {
    ObjectNode body = Json.object().put("model", "m").put("input", "Why?");
    String id = Json.read(send("/v1/responses", body).body()).path("id").asText();
    assertThat(cache(send("/v1/responses", body))).isEqualTo("hit-exact");
    client.send(
        HttpRequest.newBuilder(URI.create(gateway.url() + "/responses/" + id)).DELETE().build(),
        BodyHandlers.ofString());

    assertThat(cache(send("/v1/responses", body))).isEqualTo("miss");
  }

  @Test
  void whatIsPassedThroughIsCounted() throws Exception {
    send("/v1/files", question("Why?"));
    send("/v1/chat/completions", question("Why?"));
    HttpResponse<String> metrics =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + "/metrics"))
                .build(),
            BodyHandlers.ofString());

    assertThat(metrics.body()).contains("reprise_passed_total{cache=\"gateway\"} 1.0");
  }

  // --- the same question ------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"n\":1",
        "\"top_p\":1.0",
        "\"stop\":null",
        "\"response_format\":{\"type\":\"text\"}",
        "\"logit_bias\":{}",
        "\"logit_bias\":null",
        "\"tools\":[]",
        "\"user\":\"u\"",
        "\"safety_identifier\":\"end user 7\"",
        "\"safety_identifier\":null",
        "\"metadata\":{\"trace_id\":\"t\"}",
        "\"seed\":null",
        "\"presence_penalty\":0",
        "\"frequency_penalty\":0.0",
        "\"logprobs\":false",
        "\"stop\":[]",
        "\"modalities\":[\"text\"]",
        "\"service_tier\":\"auto\"",
        "\"parallel_tool_calls\":true",
        "\"functions\":[]",
        "\"metadata\":{}"
      })
  void someMembersSayNothing(String member) throws Exception {
    send("/v1/chat/completions", question("Why?"));
    ObjectNode body =
        (ObjectNode) Json.read("{" + member + "," + Json.text(question("Why?")).substring(1));

    assertThat(cache(send("/v1/chat/completions", body))).isEqualTo("hit-exact");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"presence_penalty\":0.1",
        "\"logprobs\":true",
        "\"modalities\":[\"text\",\"audio\"]",
        "\"service_tier\":\"flex\"",
        "\"n\":2",
        "\"stop\":[\"x\"]",
        "\"tool_choice\":\"required\""
      })
  void othersDoNot(String member) throws Exception {
    send("/v1/chat/completions", question("Why?"));
    ObjectNode body =
        (ObjectNode) Json.read("{" + member + "," + Json.text(question("Why?")).substring(1));

    assertThat(cache(send("/v1/chat/completions", body))).doesNotStartWith("hit");
  }

  @Test
  void oneStopIsAListOfOne() throws Exception {
    String path = "/v1/chat/completions";
    ObjectNode body = question("Why?").put("stop", "x");
    send(path, body);
    body.putArray("stop").add("x");
    assertThat(cache(send(path, body))).isEqualTo("hit-exact");
    body.putArray("stop").add("x").add("y");
    assertThat(cache(send(path, body))).isEqualTo("miss");
    assertThat(cache(send(path, body.put("stop", "xy")))).isEqualTo("miss");
  }

  /** Names of models as routers and local servers have them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "vendor/gemma-3:latest",
        "hf.co/org/Some.Model-GGUF:Q4_K_M",
        "ft:gpt-4o-mini:acme::9f3",
        "@cf/meta/llama-3-8b",
        "models/a b"
      })
  void aModelsNameMayHaveAnyCharacters(String model) throws Exception {
    ObjectNode body = question("Why?").put("model", model);
    send("/v1/chat/completions", body);
    assertThat(cache(send("/v1/chat/completions", body))).isEqualTo("hit-exact");
    assertThat(cache(send("/v1/chat/completions", body.put("model", model + "1"))))
        .isEqualTo("miss");
  }

  @Test
  void oneTextPartIsTheText() throws Exception {
    send("/v1/chat/completions", question("Why?"));
    ObjectNode body = question("Why?");
    ((ObjectNode) body.path("messages").path(0))
        .putArray("content")
        .addObject()
        .put("type", "text")
        .put("text", "Why?");

    assertThat(cache(send("/v1/chat/completions", body))).isEqualTo("hit-exact");
  }

  // --- headers ----------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-amz-cf-id",
        "x-acme-cdn-request-id",
        "x-newproxy-traceid",
        "acme-correlation-id",
        "x-azure-ref",
        "x-vercel-id",
        "fly-request-id",
        "x-railway-request-id",
        "rndr-id",
        "x-nf-request-id",
        "x-request-start",
        "x-heroku-request-id",
        "x-appengine-request-log-id",
        "x-appengine-request-id-hash",
        "x-cloud-trace-context",
        "x-amzn-trace-id",
        "x-kong-request-id",
        "apigw-requestid",
        "x-ms-request-id",
        "x-arr-log-id",
        "x-varnish",
        "x-timer",
        "cdn-loop",
        "x-client-ip",
        "x-original-forwarded-for",
        "x-original-uri",
        "x-scheme",
        "elastic-apm-traceparent",
        "x-instana-t",
        "x-ot-span-context",
        "langsmith-trace",
        "x-langfuse-trace-id",
        "helicone-request-id",
        "x-portkey-trace-id",
        "x-litellm-call-id",
        "x-forwarded-for",
        "x-acme-trace-7"
      })
  void whatProxiesStampOnARequestDividesNothing(String header) throws Exception {
    send("/v1/chat/completions", question("Why?"), header, "a");

    assertThat(cache(send("/v1/chat/completions", question("Why?"), header, "b")))
        .isEqualTo("hit-exact");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-forwarded-user",
        "x-forwarded-email",
        "x-forwarded-access-token",
        "x-forwarded-preferred-username",
        "x-forwarded-groups",
        "from",
        "x-auth-request-user",
        "x-auth-request-email",
        "cf-access-authenticated-user-email",
        "cf-access-jwt-assertion",
        "x-amzn-oidc-identity",
        "x-amzn-oidc-data",
        "x-goog-iap-jwt-assertion",
        "x-goog-authenticated-user-email",
        "x-ms-client-principal",
        "x-ms-client-principal-name",
        "remote-user",
        "x-user-id",
        "x-session-id",
        "tailscale-user-login",
        "x-forwarded-unheard-of"
      })
  void whatTellsWhoAsksDividesTheAnswers(String header) throws Exception {
    send("/v1/chat/completions", question("Why?"), header, "alice");

    assertThat(cache(send("/v1/chat/completions", question("Why?"), header, "bob")))
        .isEqualTo("miss");
    assertThat(cache(send("/v1/chat/completions", question("Why?"), header, "alice")))
        .isEqualTo("hit-exact");
  }

  private static ObjectNode question(String text) {
    ObjectNode body = Json.object().put("model", "m");
    body.putArray("messages").addObject().put("role", "user").put("content", text);
    return body;
  }

  private HttpResponse<String> send(String path, ObjectNode body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Json.text(body)));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static String cache(HttpResponse<?> response) {
    return response.headers().firstValue("x-reprise-cache").orElse("none");
  }

  private static String reason(HttpResponse<?> response) {
    return response.headers().firstValue("x-reprise-reason").orElse("none");
  }
}
