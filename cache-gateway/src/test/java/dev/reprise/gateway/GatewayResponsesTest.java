package dev.reprise.gateway;

import static dev.reprise.gateway.WireClient.cache;
import static dev.reprise.gateway.WireClient.events;
import static dev.reprise.gateway.WireClient.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.http.Json;
import dev.reprise.match.Matcher;
import dev.reprise.model.Completion;
import dev.reprise.policy.CachePolicy;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is on the wire of {@code POST /v1/responses}. */
class GatewayResponsesTest {
  private static final String IMAGE = "data:image/png;base64,aGVsbG8=";

  private final WireClient client = new WireClient();
  private ScriptedModelServer upstream;
  private Gateway gateway;

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedModelServer();
    gateway = start(CacheEngine.builder());
  }

  private Gateway start(CacheEngine.Builder engine) {
    return Gateway.builder(upstream.url(), engine)
        .port(0)
        .chatPolicy(CachePolicy.builder().alsoStore(Completion.TOOL_CALLS).build())
        .start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  // --- identities -------------------------------------------------------------------------------

  @Test
  void whatTheProviderStoresKeepsTheIdentifierByWhichItKnowsIt() throws Exception {
    for (String store : List.of("", "\"store\":true,\"top_k\":1,", "\"store\":null,\"top_k\":2,")) {
      HttpResponse<String> first = respond("{" + store + question("Why?").substring(1));
      HttpResponse<String> second = respond("{" + store + question("Why?").substring(1));

      assertThat(cache(first)).as(store).isEqualTo("miss");
      assertThat(cache(second)).isEqualTo("hit-exact");
      assertThat(Json.read(second.body())).isEqualTo(Json.read(first.body()));
    }
  }

  @Test
  void whatTheProviderDoesNotStoreHasAnIdentityOfItsOwnEachTime() throws Exception {
    String body = "{\"store\":false," + question("Why?").substring(1);
    ObjectNode first = (ObjectNode) Json.read(respond(body).body());
    HttpResponse<String> hit = respond(body);
    ObjectNode second = (ObjectNode) Json.read(hit.body());

    assertThat(cache(hit)).isEqualTo("hit-exact");
    assertThat(second.path("id").asText()).startsWith("resp_").isNotEqualTo("resp_up1");
    assertThat(second.path("created_at").asLong()).isGreaterThan(1_700_000_000);
    assertThat(second.path("completed_at").asLong()).isGreaterThan(1_700_000_001);
    List<String> ofOneCall = List.of("id", "created_at", "completed_at");
    assertThat(second.remove(ofOneCall)).isEqualTo(first.remove(ofOneCall));
  }

  // --- the request ------------------------------------------------------------------------------

  @Test
  void aTextIsTheSameAsOneMessageOfTheUser() throws Exception {
    respond(question("Why?"));

    assertThat(cache(respond(items("{\"role\":\"user\",\"content\":\"Why?\"}"))))
        .isEqualTo("hit-exact");
    assertThat(
            cache(respond(items("{\"type\":\"message\",\"role\":\"user\",\"content\":\"Why?\"}"))))
        .isEqualTo("hit-exact");
    assertThat(cache(respond(items("{\"role\":\"developer\",\"content\":\"Why?\"}"))))
        .isEqualTo("miss");
  }

  @Test
  void howItIsDeliveredIsNoOtherRequestAndIsRepeatedAsItWasAsked() throws Exception {
    respond("{\"prompt_cache_key\":\"one\"," + question("Why?").substring(1));
    HttpResponse<String> other =
        respond("{\"stream\":false,\"prompt_cache_key\":\"two\"," + question("Why?").substring(1));
    HttpResponse<String> none = respond(question("Why?"));

    assertThat(cache(other)).isEqualTo("hit-exact");
    assertThat(Json.read(other.body()).path("prompt_cache_key").asText()).isEqualTo("two");
    assertThat(cache(none)).isEqualTo("hit-exact");
    assertThat(Json.read(none.body()).path("prompt_cache_key").isNull()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"unheard_of\":1",
        "\"instructions\":\"Be brief.\"",
        "\"store\":false",
        "\"user\":\"u\"",
        "\"metadata\":{\"a\":\"b\"}",
        "\"max_output_tokens\":9",
        "\"include\":[\"reasoning.encrypted_content\"]",
        "\"reasoning\":{\"effort\":\"low\"}",
        "\"text\":{\"format\":{\"type\":\"json_object\"}}",
        "\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":{}}]",
        "\"tool_choice\":\"required\""
      })
  void anyFieldMoreIsAnotherRequest(String field) throws Exception {
    // Where JSON is asked for, only JSON is stored.
    String asked = question(field.contains("json_object") ? "json" : "Why?");
    respond(asked);
    String body = "{" + field + "," + asked.substring(1);

    assertThat(cache(respond(body))).isEqualTo("miss");
    assertThat(cache(respond(body))).isEqualTo("hit-exact");
    assertThat(upstream.received().get(1).body()).isEqualTo(body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"conversation\":\"conv_1\"|kept by the provider",
        "\"prompt\":{\"id\":\"pmpt_1\"}|template",
        "\"moderation\":{\"model\":\"omni\"}|of this very request",
        "\"background\":true|in the background",
        "\"tools\":[{\"type\":\"web_search\"}]|type web_search acts",
        "\"tools\":[{\"type\":\"mcp\",\"server_label\":\"s\"}]|type mcp acts",
        "\"tools\":[{\"type\":\"function\",\"name\":\"f\"},{\"type\":\"code_interpreter\"}]|type"
            + " code_interpreter",
        "\"@headers\":1|begins with @"
      })
  void whatReachesBeyondTheBodyGoesPastTheCache(String field) throws Exception {
    String[] parts = field.split("\\|", -1);
    String body = "{" + parts[0] + "," + question("Why?").substring(1);
    for (int i = 1; i <= 2; i++) {
      HttpResponse<String> answer = respond(body);
      assertThat(cache(answer)).isEqualTo("bypass");
      assertThat(reason(answer)).startsWith("unmappable; ").contains(parts[1]);
      assertThat(upstream.received()).hasSize(i);
    }
    HttpResponse<String> cachedOnly =
        client.post(gateway, "/responses", body, "Cache-Control", "only-if-cached");
    assertThat(cachedOnly.statusCode()).isEqualTo(504);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"msg_1\"}|role",
        "{\"type\":\"web_search_call\",\"id\":\"ws_1\"}|a type not known",
        "{\"role\":\"oracle\",\"content\":\"Why?\"}|a role that is not known",
        "{\"role\":\"user\",\"content\":5}|neither a text nor a list"
      })
  void anItemThatIsNotKnownGoesPastTheCache(String item) throws Exception {
    String[] parts = item.split("\\|", -1);
    HttpResponse<String> answer = respond(items(parts[0]));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(cache(answer)).isEqualTo("bypass");
    assertThat(reason(answer)).contains(parts[1]);
  }

  @Test
  void identifiersOfItemsAndOfCallsSayNothingButWhichBelongTogether() throws Exception {
    String one = conversation("msg_1", "fc_1", "call_1", "call_1");
    String other = conversation("msg_2", "fc_2", "call_9", "call_9");
    String odd = conversation("msg_2", "fc_2", "call_9", "call_8");
    respond(items(one));

    assertThat(cache(respond(items(other)))).isEqualTo("hit-exact");
    assertThat(cache(respond(items(odd)))).isEqualTo("miss");
  }

  private static String conversation(String message, String call, String callId, String resultOf) {
    return "{\"role\":\"user\",\"content\":\"Is it warm?\"},{\"id\":\""
        + message
        + "\",\"type\":\"message\",\"role\":\"assistant\",\"status\":\"completed\",\"content\":[{\"type\":\"output_text\",\"text\":\"I"
        + " shall look.\",\"annotations\":[],\"logprobs\":[]}]},{\"id\":\""
        + call
        + "\",\"type\":\"function_call\",\"status\":\"completed\",\"call_id\":\""
        + callId
        + "\",\"name\":\"weather\",\"arguments\":\"{}\"},{\"type\":\"function_call_output\",\"call_id\":\""
        + resultOf
        + "\",\"output\":\"warm\"}";
  }

  @Test
  void picturesAndFilesAreKnownByTheirContent() throws Exception {
    String picture =
        "{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"What is"
            + " it?\"},{\"type\":\"input_image\",\"image_url\":\"%s\"}]}";
    String file =
        "{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"filename\":\"a.txt\",\"file_data\":\"%s\"},{\"type\":\"input_text\",\"text\":\"What"
            + " is it?\"}]}";
    for (String item : List.of(picture, file)) {
      respond(items(item.formatted(IMAGE)));
      assertThat(cache(respond(items(item.formatted(IMAGE))))).isEqualTo("hit-exact");
      assertThat(cache(respond(items(item.formatted(IMAGE.replace("aG", "aH"))))))
          .isEqualTo("miss");
    }
  }

  // --- the answer -------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"Why?", "tools", "custom", "json", "think", "probabilities"})
  void everyShapeSurvivesBothWaysOfStreaming(String script) throws Exception {
    HttpResponse<String> streamed = respond(streamed(script));
    HttpResponse<String> whole = respond(question(script));
    HttpResponse<String> again = respond(streamed(script));

    assertThat(cache(streamed)).isEqualTo("miss");
    assertThat(cache(whole)).isEqualTo("hit-exact");
    assertThat(cache(again)).isEqualTo("hit-exact");
    assertThat(upstream.received()).hasSize(1);
    assertThat(events(again)).isEqualTo(events(streamed));
    JsonNode last = events(streamed).get(events(streamed).size() - 1);
    assertThat(last.path("type").asText()).isEqualTo("response.completed");
    assertThat(Json.read(whole.body())).isEqualTo(last.path("response"));
    assertThat(again.body()).startsWith("event: response.created\ndata: {");
    assertThat(again.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/event-stream");
  }

  @Test
  void aReplayHasTheProvidersEventsInTheProvidersOrder() throws Exception {
    respond(question("think"));
    List<JsonNode> events = events(respond(streamed("think")));

    assertThat(events.stream().map(event -> event.path("type").asText()).distinct())
        .containsExactly(
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.reasoning_summary_part.added",
            "response.reasoning_summary_text.delta",
            "response.reasoning_summary_text.done",
            "response.reasoning_summary_part.done",
            "response.content_part.added",
            "response.reasoning_text.delta",
            "response.reasoning_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.output_text.delta",
            "response.output_text.annotation.added",
            "response.output_text.done",
            "response.completed");
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).path("sequence_number").asInt(-1)).isEqualTo(i);
    }
    JsonNode begun = events.get(0).path("response");
    assertThat(begun.path("status").asText()).isEqualTo("in_progress");
    assertThat(begun.path("output")).isEmpty();
    assertThat(begun.path("usage").isNull()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"refuse|refused", "long|truncated", "search|incomplete"})
  void whatIsNoWholeAnswerOfTheModelItselfIsNotStored(String script) throws Exception {
    String[] parts = script.split("\\|", -1);
    assertThat(reason(respond(question(parts[0])))).startsWith(parts[1]);
    respond(streamed(parts[0]));
    assertThat(cache(respond(question(parts[0])))).isEqualTo("miss");
    assertThat(upstream.received()).hasSize(3);
  }

  @Test
  void anErrorPassesAsItIsAndIsNotStored() throws Exception {
    for (String body : List.of(question("error"), streamed("error"))) {
      HttpResponse<String> answer = respond(body);
      assertThat(answer.statusCode()).isEqualTo(429);
      assertThat(answer.headers().firstValue("retry-after-ms")).hasValue("7");
      assertThat(answer.body()).contains("slow down");
    }
    assertThat(respond(question("odd")).body()).isEqualTo("{\"odd\":3}");
    assertThat(respond(question("odd")).body()).isEqualTo("{\"odd\":4}");
  }

  @Test
  void aStreamThatBreaksOffOrEndsTooSoonIsNotStored() throws Exception {
    assertThatThrownBy(() -> respond(streamed("cut"))).isInstanceOf(IOException.class);
    WireClient.await(() -> gateway.stats().failed() == 1);
    assertThat(cache(respond(question("cut")))).isEqualTo("miss");
    assertThat(respond(streamed("short")).body()).doesNotContain("response.completed");
    assertThat(cache(respond(question("short")))).isEqualTo("miss");
  }

  @ParameterizedTest
  @ValueSource(strings = {"half", "fault"})
  void halfAStreamIsNoAnswerToWhoWaitsForTheWhole(String script) throws Exception {
    CompletableFuture<HttpResponse<String>> leader =
        client.postLater(gateway, "/responses", streamed(script));
    WireClient.await(() -> upstream.received().size() == 1);
    CompletableFuture<HttpResponse<String>> whole =
        client.postLater(gateway, "/responses", question(script));
    WireClient.await(() -> gateway.stats().waiting() == 1);
    upstream.release();

    assertThat(leader.get(20, TimeUnit.SECONDS).body()).doesNotContain("response.completed");
    assertThat(whole.get(20, TimeUnit.SECONDS).body()).contains("Answer number 2.");
    assertThat(upstream.received()).hasSize(2);
  }

  @Test
  void onlyIfCachedIsA504WithoutAnEntry() throws Exception {
    String[] cachedOnly = {"Cache-Control", "only-if-cached"};
    for (String body : List.of(question("Why?"), streamed("Why?"))) {
      assertThat(client.post(gateway, "/responses", body, cachedOnly).statusCode()).isEqualTo(504);
    }
    respond(question("Why?"));
    assertThat(cache(client.post(gateway, "/responses", question("Why?"), cachedOnly)))
        .isEqualTo("hit-exact");
  }

  @Test
  void aHundredEqualClientsMakeOneCall() throws Exception {
    upstream.delays.put("crowd", Duration.ofMillis(500));
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String body = i % 2 == 0 ? question("crowd") : streamed("crowd");
      all.add(client.postLater(gateway, "/responses", body));
    }
    for (CompletableFuture<HttpResponse<String>> one : all) {
      HttpResponse<String> response = one.get(30, TimeUnit.SECONDS);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).contains("Answer number 1.");
    }
    assertThat(upstream.received()).hasSize(1);
  }

  @Test
  void anAnswerIsNoAnswerOfTheOtherEndpoint() throws Exception {
    respond(question("Why?"));
    HttpResponse<String> chat =
        client.post(
            gateway,
            "/chat/completions",
            "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"Why?\"}]}");

    assertThat(cache(chat)).isEqualTo("miss");
  }

  @Test
  void whatIsKeptByTheProviderIsAskedOfTheProvider() throws Exception {
    HttpResponse<String> compacted = client.post(gateway, "/responses/compact", "{}");

    assertThat(compacted.statusCode()).isEqualTo(201);
    assertThat(compacted.body()).startsWith("/v1/responses/compact|");
  }

  // --- by meaning -------------------------------------------------------------------------------

  @Test
  void aNearQuestionIsAnsweredByMeaningWithinItsInstructions() throws Exception {
    Embedder everythingIsNear = new Near();
    CountedTier rows = new CountedTier(everythingIsNear.dimension());
    try (Gateway near =
        start(
            CacheEngine.builder()
                .semanticTier(rows, everythingIsNear)
                .matcher(Matcher.threshold(0.9)))) {
      String told = "{\"instructions\":\"Be brief.\"," + question("Why is that?").substring(1);
      client.post(near, "/responses", told);
      WireClient.await(() -> rows.stored() == 1);
      HttpResponse<String> hit =
          client.post(near, "/responses", told.replace("Why is that?", "How come?"));
      HttpResponse<String> otherwise =
          client.post(near, "/responses", question("How come, really?"));

      assertThat(cache(hit)).isEqualTo("hit-semantic");
      assertThat(hit.headers().firstValue("x-reprise-similarity")).hasValue("1.0000");
      assertThat(Json.read(hit.body()).path("id").asText()).isEqualTo("resp_up1");
      assertThat(cache(otherwise)).isEqualTo("miss");
    }
  }

  @Test
  void aRateOfWrongAnswersIsHeard() throws Exception {
    Embedder everythingIsNear = new Near();
    CountedTier rows = new CountedTier(everythingIsNear.dimension());
    try (Gateway near =
        start(
            CacheEngine.builder()
                .semanticTier(rows, everythingIsNear)
                .matcher(Matcher.threshold(0.9)))) {
      client.post(near, "/responses", question("Why is that?"));
      WireClient.await(() -> rows.stored() == 1);
      for (String rate : List.of("0", "0.005", ".5")) {
        assertThat(cache(askWithin(near, rate, "only-if-cached"))).as(rate).isEqualTo("miss");
      }
      assertThat(cache(askWithin(near, "1", "only-if-cached"))).isEqualTo("hit-semantic");
      for (String odd : List.of("1.1", "-0.1", "5%", "0,1", "1e-3", ".")) {
        HttpResponse<String> refused = askWithin(near, odd, "max-age=9");
        assertThat(refused.statusCode()).as(odd).isEqualTo(400);
        assertThat(refused.body()).contains("invalid_header");
      }
      assertThat(upstream.received()).hasSize(1);
    }
  }

  private HttpResponse<String> askWithin(Gateway near, String rate, String control)
      throws Exception {
    return client.post(
        near,
        "/responses",
        question("How come?"),
        "X-Reprise-Max-Wrong-Rate",
        rate,
        "Cache-Control",
        control);
  }

  /** Takes all texts for the same. */
  private static final class Near implements Embedder {
    @Override
    public String id() {
      return "near";
    }

    @Override
    public int dimension() {
      return 2;
    }

    @Override
    public Embedding embed(String text) {
      return new Embedding.Embedded(Vector.normalized(new float[] {1, 1}));
    }
  }

  // --- tools ------------------------------------------------------------------------------------

  private HttpResponse<String> respond(String body) throws Exception {
    return client.post(gateway, "/responses", body);
  }

  private static String question(String text) {
    return "{\"model\":\"m\",\"temperature\":0,\"input\":\"" + text + "\"}";
  }

  private static String items(String items) {
    return "{\"model\":\"m\",\"temperature\":0,\"input\":[" + items + "]}";
  }

  private static String streamed(String text) {
    return "{\"stream\":true," + question(text).substring(1);
  }
}
