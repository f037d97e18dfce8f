package dev.reprise.gateway.protocol.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.Gateway;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.EventReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Anthropic's messages on the wire. */
class GatewayMessagesTest {
  private static final String USAGE = "{\"input_tokens\":9,\"output_tokens\":4}";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private Gateway gateway;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.createContext("/", this::answer);
    server.start();
    gateway = Gateway.builder(upstream(), CacheEngine.builder()).port(0).start();
  }

  private URI upstream() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    gateway.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      received.add(exchange.getRequestURI() + " " + text);
      keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("x-api-key")));
      JsonNode body = Json.read(text);
      String model = body.path("model").asText();
      boolean isStream = body.path("stream").asBoolean();
      String reply = whole(model);
      int status = 200;
      if (model.equals("thinker") && body.has("temperature")) {
        status = 400;
        isStream = false;
        reply =
            "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"`temperature`"
                + " may only be set to 1\"}}";
      }
      exchange
          .getResponseHeaders()
          .set("Content-Type", isStream ? "text/event-stream; charset=utf-8" : "application/json");
      byte[] bytes =
          (isStream ? MessagesReplay.events((ObjectNode) Json.read(reply)) : reply)
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static String whole(String model) {
    String content =
        switch (model) {
          case "thinker" ->
              "{\"type\":\"thinking\",\"thinking\":\"two and"
                  + " two\",\"signature\":\"EqQ=\"},{\"type\":\"text\",\"text\":\"Four.\"}";
          case "caller" ->
              "{\"type\":\"text\",\"text\":\"I"
                  + " look.\"},{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"w\",\"input\":{\"city\":\"Paris,"
                  + " France\",\"n\":1.50}}";
          case "citer" ->
              "{\"type\":\"text\",\"text\":\"See a"
                  + " b.\",\"citations\":[{\"type\":\"char_location\",\"cited_text\":\"a\"}]}";
          default -> "{\"type\":\"text\",\"text\":\"Hello there you \\u2028 all.\"}";
        };
    String reason =
        switch (model) {
          case "caller" -> "tool_use";
          case "cut" -> "max_tokens";
          case "refuser" -> "refusal";
          default -> "end_turn";
        };
    return "{\"id\":\"msg_up\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\""
        + model
        + "\",\"content\":["
        + content
        + "],\"stop_reason\":\""
        + reason
        + "\",\"stop_sequence\":null,\"usage\":"
        + USAGE
        + "}";
  }

  @ParameterizedTest
  @CsvSource({
    "m,false,false",
    "m,true,false",
    "m,false,true",
    "m,true,true",
    "thinker,true,false",
    "thinker,false,true",
    "citer,true,true",
    "citer,false,true"
  })
  void theSecondIsTheFirstStreamedOrNot(String model, boolean first, boolean second)
      throws Exception {
    HttpResponse<String> one = ask(body(model, first, "Why?"));
    HttpResponse<String> two = ask(body(model, second, "Why?"));

    assertThat(one.statusCode()).isEqualTo(200);
    assertThat(cache(one)).isEqualTo("miss");
    assertThat(cache(two)).isEqualTo("hit-exact");
    assertThat(message(two, second)).isEqualTo(message(one, first));
    assertThat(two.headers().firstValue("content-type").orElseThrow())
        .startsWith(second ? "text/event-stream" : "application/json");
  }

  @Test
  void withoutATemperatureItIsAskedAtZeroAndAThinkerAsItIs() throws Exception {
    HttpResponse<String> plain = ask(body("m", false, "Why?"));
    HttpResponse<String> thinker = ask(body("thinker", true, "Why?"));

    assertThat(plain.headers().firstValue("x-reprise-temperature")).hasValue("set-to-0");
    assertThat(thinker.statusCode()).isEqualTo(200);
    assertThat(thinker.headers().firstValue("x-reprise-temperature")).isEmpty();
    assertThat(received.get(0)).contains("\"temperature\":0");
    assertThat(received.get(1)).contains("\"temperature\":0");
    assertThat(received.get(2)).doesNotContain("temperature");
  }

  @Test
  void clothesDoNotMatter() throws Exception {
    ask(body("m", false, "Why?"));
    ObjectNode parts = body("m", false, "Why?");
    ObjectNode block = Json.object().put("type", "text").put("text", "Why?");
    block.putObject("cache_control").put("type", "ephemeral");
    ((ObjectNode) parts.path("messages").path(0)).putArray("content").add(block);

    assertThat(cache(ask(parts))).isEqualTo("hit-exact");
  }

  @Test
  void aToolThatSaysWhatItIsAndAResultThatIsNoErrorAreTheSame() throws Exception {
    ObjectNode plain =
        (ObjectNode)
            Json.read(
                "{\"model\":\"m\",\"max_tokens\":5,\"tools\":[{\"name\":\"w\",\"input_schema\":{}}],\"messages\":["
                    + "{\"role\":\"user\",\"content\":\"Why?\"},{\"role\":\"assistant\",\"content\":["
                    + "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"w\",\"input\":{}}]},"
                    + "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":\"1\"}]}]}");
    ask(plain);
    ObjectNode said = plain.deepCopy();
    ((ObjectNode) said.path("tools").path(0)).put("type", "custom");
    ObjectNode result = (ObjectNode) said.at("/messages/2/content/0");
    result.put("is_error", false);
    assertThat(cache(ask(said))).isEqualTo("hit-exact");
    for (String error : List.of("true", "\"false\"", "0")) {
      result.set("is_error", Json.read(error));
      assertThat(cache(ask(said))).isEqualTo("miss");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"system\":\"Be brief.\"",
        "\"max_tokens\":7",
        "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}",
        "\"tools\":[{\"name\":\"w\",\"input_schema\":{}}]",
        "\"stop_sequences\":[\"x\"]",
        "\"metadata\":{\"user_id\":\"u\"}"
      })
  void anyFieldMoreIsAnotherRequest(String field) throws Exception {
    ObjectNode body = body("m", false, "Why?");
    ask(body);

    assertThat(cache(ask((ObjectNode) Json.read("{" + field + "," + without(body, field)))))
        .isEqualTo("miss");
  }

  private static String without(ObjectNode body, String field) {
    ObjectNode less = body.deepCopy();
    if (field.startsWith("\"max_tokens")) {
      less.remove("max_tokens");
    }
    return Json.text(less).substring(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut", "refuser", "caller"})
  void whatIsCutRefusedOrAnActionIsNotStored(String model) throws Exception {
    for (boolean isStream : List.of(false, true, false)) {
      assertThat(cache(ask(body(model, isStream, "Why?")))).isEqualTo("miss");
    }
  }

  @Test
  void aForcedToolIsAnAnswer() throws Exception {
    for (boolean isStream : List.of(false, true)) {
      ObjectNode body = body("caller", isStream, "Why?");
      body.putArray("tools").addObject().put("name", "w").putObject("input_schema");
      body.putObject("tool_choice").put("type", "tool").put("name", "w");
      HttpResponse<String> answer = ask(body);
      assertThat(cache(answer)).isEqualTo(isStream ? "hit-exact" : "miss");
      assertThat(message(answer, isStream).path("content").path(1).path("input").path("city"))
          .hasToString("\"Paris, France\"");
    }
  }

  @Test
  void aForcedToolThatIsCalledOtherwiseThanItIsDeclaredIsNotStored() throws Exception {
    ObjectNode body = body("caller", false, "Why?");
    body.putArray("tools")
        .addObject()
        .put("name", "w")
        .putObject("input_schema")
        .putArray("required")
        .add("street");
    body.putObject("tool_choice").put("type", "tool").put("name", "w");
    ask(body);
    assertThat(cache(ask(body))).isEqualTo("miss");
  }

  @Test
  void whatLooksThingsUpGoesPastTheCache() throws Exception {
    ObjectNode body = body("m", false, "Why?");
    body.putArray("tools").addObject().put("type", "web_search_20250305").put("name", "web_search");

    for (int i = 0; i < 2; i++) {
      HttpResponse<String> answer = ask(body);
      assertThat(cache(answer)).isEqualTo("bypass");
      assertThat(answer.headers().firstValue("x-reprise-reason").orElseThrow())
          .startsWith("dynamic");
    }
  }

  @Test
  void resultsOfToolsAreKnownByTheirCall() throws Exception {
    assertThat(cache(ask(conversation("toolu_a", "toolu_b", "toolu_a")))).isEqualTo("miss");
    assertThat(cache(ask(conversation("toolu_c", "toolu_d", "toolu_c")))).isEqualTo("hit-exact");
    assertThat(cache(ask(conversation("toolu_a", "toolu_b", "toolu_b")))).isEqualTo("miss");
  }

  private static ObjectNode conversation(String one, String two, String answered)
      throws IOException {
    return (ObjectNode)
        Json.read(
            "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Weather?\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\""
                + one
                + "\",\"name\":\"w\",\"input\":{}},{\"type\":\"tool_use\",\"id\":\""
                + two
                + "\",\"name\":\"w\",\"input\":{}}]},{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\""
                + answered
                + "\",\"content\":\"12\"}]}]}");
  }

  @Test
  void countingTokensIsPassedOnAndTheOwnKeyIsShownAsTheProviderWants() throws Exception {
    try (Gateway own =
        Gateway.builder(upstream(), CacheEngine.builder()).port(0).upstreamKey("sk-own").start()) {
      ObjectNode body = body("m", false, "Why?");
      HttpResponse<String> counted = send(own, "/messages/count_tokens", body);
      send(own, "/messages", body);

      assertThat(cache(counted)).isEqualTo("passed");
      assertThat(received.get(0)).startsWith("/v1/messages/count_tokens {");
      assertThat(keys).containsExactly("sk-own", "sk-own");
    }
  }

  private static ObjectNode body(String model, boolean isStream, String question) {
    ObjectNode body = Json.object().put("model", model).put("max_tokens", 100);
    if (isStream) {
      body.put("stream", true);
    }
    body.putArray("messages").addObject().put("role", "user").put("content", question);
    return body;
  }

  /** Returns the message without its identifier. */
  private static JsonNode message(HttpResponse<String> response, boolean isStream)
      throws IOException {
    if (!isStream) {
      return ((ObjectNode) Json.read(response.body())).without("id");
    }
    MessagesCollector collector = new MessagesCollector();
    EventReader reader =
        new EventReader(new ByteArrayInputStream(response.body().getBytes(StandardCharsets.UTF_8)));
    for (EventReader.Event event = reader.next(); event != null; event = reader.next()) {
      collector.take(event);
    }
    assertThat(collector.isEnded()).isTrue();
    return MessagesCodec.read(collector.answer().orElseThrow());
  }

  private HttpResponse<String> ask(ObjectNode body) throws Exception {
    return send(gateway, "/messages", body);
  }

  private HttpResponse<String> send(Gateway to, String path, ObjectNode body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(to.url() + path))
            .header("Content-Type", "application/json")
            .header("anthropic-version", "2023-06-01")
            .POST(BodyPublishers.ofString(Json.text(body)))
            .build(),
        BodyHandlers.ofString());
  }

  private static String cache(HttpResponse<?> response) {
    return response.headers().firstValue("x-reprise-cache").orElse("none");
  }
}
