package dev.reprise.gateway.protocol.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.Gateway;
import dev.reprise.gateway.ScriptedProvider;
import dev.reprise.gateway.ScriptedProvider.Asked;
import dev.reprise.gateway.ScriptedProvider.Scripted;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.EventReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Gemini's generateContent on the wire. */
class GatewayGeminiTest {
  private static final String DATA = "data: ";
  private static final String WHOLE = "generateContent";
  private static final String STREAM = "streamGenerateContent?alt=sse";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static ScriptedProvider provider;
  private static Gateway gateway;
  private static int number;

  @BeforeAll
  static void start() throws IOException {
    provider = new ScriptedProvider(GatewayGeminiTest::answer);
    gateway = Gateway.builder(provider.url(), CacheEngine.builder()).port(0).start();
  }

  /** Each test asks something else of the same gateway. */
  @BeforeEach
  void begin() {
    number++;
    provider.asked().clear();
  }

  @AfterAll
  static void stop() {
    gateway.close();
    provider.close();
  }

  private static Scripted answer(Asked asked) {
    if (!asked.target().contains("enerateContent")) {
      return new Scripted(200, "application/json", "{\"totalTokens\":7}");
    }
    String model = asked.target().replaceAll(".*/models/([^:]*):.*", "$1");
    if (model.equals("wrong")) {
      return new Scripted(
          400,
          "application/json",
          "{\"error\":{\"code\":400,\"message\":\"no\",\"status\":\"INVALID_ARGUMENT\"}}");
    }
    return asked.target().contains("alt=sse")
        ? new Scripted(200, "text/event-stream", stream(model))
        : new Scripted(200, "application/json", whole(model));
  }

  private static String tail(String model) {
    return "\"usageMetadata\":{\"promptTokenCount\":9,\"candidatesTokenCount\":4,\"totalTokenCount\":20,\"thoughtsTokenCount\":7},\"modelVersion\":\""
        + model
        + "-001\",\"responseId\":\"r-up\"}";
  }

  private static String reason(String model) {
    return switch (model) {
      case "cut" -> "MAX_TOKENS";
      case "filtered" -> "SAFETY";
      case "malformed" -> "MALFORMED_FUNCTION_CALL";
      default -> "STOP";
    };
  }

  private static String whole(String model) {
    if (model.equals("blocked")) {
      return "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}," + tail(model);
    }
    String parts =
        switch (model) {
          case "thinker" ->
              "{\"text\":\"Two and two.\",\"thought\":true},{\"text\":\"Four it is.\",\"thoughtSignature\":\"EqQ=\"}";
          case "caller" ->
              "{\"functionCall\":{\"name\":\"w\",\"args\":{\"city\":\"Paris, France\",\"n\":1.50}}}";
          default -> "{\"text\":\"Hello there you \\u2028 all.\"}";
        };
    return "{\"candidates\":[{\"content\":{\"parts\":["
        + parts
        + "],\"role\":\"model\"},\"finishReason\":\""
        + reason(model)
        + "\",\"index\":0,\"avgLogprobs\":-0.10}],"
        + tail(model);
  }

  private static String stream(String model) {
    if (model.equals("blocked")) {
      return DATA + whole(model) + "\r\n\r\n";
    }
    String begin = "{\"candidates\":[{\"content\":{\"parts\":[";
    String middle = "],\"role\":\"model\"},\"index\":0}]," + tail(model) + "\r\n\r\n";
    String end =
        "],\"role\":\"model\"},\"finishReason\":\""
            + reason(model)
            + "\",\"index\":0,\"avgLogprobs\":-0.10}],"
            + tail(model)
            + "\r\n\r\n";
    return switch (model) {
      case "thinker" ->
          DATA
              + begin
              + "{\"text\":\"Two and\",\"thought\":true}"
              + middle
              + DATA
              + begin
              + "{\"text\":\" two.\",\"thought\":true}"
              + middle
              + DATA
              + begin
              + "{\"text\":\"Four it is.\",\"thoughtSignature\":\"EqQ=\"}"
              + end;
      case "caller" ->
          DATA
              + begin
              + "{\"functionCall\":{\"name\":\"w\",\"args\":{\"city\":\"Paris, France\",\"n\":1.50}}}"
              + middle
              + DATA
              + begin
              + "{\"text\":\"\"}"
              + end;
      case "unfinished" -> DATA + begin + "{\"text\":\"Hello\"}" + middle;
      case "broken" ->
          DATA
              + begin
              + "{\"text\":\"Hello\"}"
              + middle
              + DATA
              + "{\"error\":{\"code\":500}}\r\n\r\n";
      default ->
          DATA
              + begin
              + "{\"text\":\"Hello there\"}"
              + middle
              + DATA
              + begin
              + "{\"text\":\" you \\u2028 all.\"}"
              + end;
    };
  }

  @ParameterizedTest
  @CsvSource({
    "m,false,false",
    "m,true,false",
    "m,false,true",
    "m,true,true",
    "thinker,true,false",
    "thinker,false,true",
    "thinker,true,true"
  })
  void theSecondIsTheFirstStreamedOrNot(String model, boolean first, boolean second)
      throws Exception {
    HttpResponse<String> one = ask(model, first, body());
    HttpResponse<String> two = ask(model, second, body());

    assertThat(one.statusCode()).isEqualTo(200);
    assertThat(cache(one)).isEqualTo("miss");
    assertThat(cache(two)).isEqualTo("hit-exact");
    assertThat(reply(two, second)).isEqualTo(reply(one, first));
    assertThat(two.headers().firstValue("content-type").orElseThrow())
        .startsWith(second ? "text/event-stream" : "application/json");
  }

  @Test
  void withoutATemperatureItIsAskedAtZeroInItsOwnPlace() throws Exception {
    HttpResponse<String> answer = ask("m", false, body());
    ObjectNode atZero = body();
    atZero.putObject("generationConfig").put("temperature", 0.0);

    assertThat(answer.headers().firstValue("x-reprise-temperature")).hasValue("set-to-0");
    assertThat(provider.asked().get(0).json().path("generationConfig"))
        .hasToString("{\"temperature\":0}");
    assertThat(cache(ask("m", true, atZero))).isEqualTo("hit-exact");
  }

  @ParameterizedTest
  @ValueSource(strings = {"generationConfig", "generation_config"})
  void aTemperatureThatIsSetGoesPastTheCache(String name) throws Exception {
    ObjectNode body = body();
    body.putObject(name).put("temperature", 0.7).put("maxOutputTokens", 9);

    HttpResponse<String> answer = ask("m", false, body);
    assertThat(cache(answer)).isEqualTo("bypass");
    assertThat(answer.headers().firstValue("x-reprise-reason").orElseThrow())
        .startsWith("not-deterministic");
    assertThat(provider.asked().get(0).body()).isEqualTo(Json.text(body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"systemInstruction\":{\"parts\":[{\"text\":\"Be brief.\"}]}",
        "\"system_instruction\":{\"parts\":[{\"text\":\"Be brief.\"}]}",
        "\"generationConfig\":{\"maxOutputTokens\":7}",
        "\"generationConfig\":{\"topP\":1}",
        "\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":0}}",
        "\"tools\":[{\"functionDeclarations\":[{\"name\":\"w\"}]}]",
        "\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\"NONE\"}}",
        "\"safetySettings\":[{\"category\":\"c\",\"threshold\":\"t\"}]",
        "\"cachedContent\":\"cachedContents/1\"",
        "\"nobodyKnows\":1"
      })
  void anyFieldMoreIsAnotherRequest(String field) throws Exception {
    ObjectNode body = body();
    ask("m", false, body);
    ObjectNode more = (ObjectNode) Json.read("{" + field + "," + Json.text(body).substring(1));

    assertThat(cache(ask("m", false, more))).isEqualTo("miss");
    assertThat(cache(ask("m", true, more))).isEqualTo("hit-exact");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"SGVs\"}}",
        "{\"inline_data\":{\"mime_type\":\"image/png\",\"data\":\"SGVs\"}}",
        "{\"fileData\":{\"mimeType\":\"image/png\",\"fileUri\":\"https://x.example/files/1\"}}",
        "{\"fileData\":{\"fileUri\":\"https://x.example/files/1\"}}",
        "{\"text\":\"Why?\",\"thought\":true}",
        "{\"text\":\"Why? \"}",
        "{\"nobodyKnows\":{}}"
      })
  void anyPartMoreIsAnotherRequest(String part) throws Exception {
    ask("m", false, body());
    ObjectNode more = body();
    more.withArray("/contents/0/parts").add(Json.read(part));

    assertThat(cache(ask("m", false, more))).isEqualTo("miss");
    assertThat(cache(ask("m", false, more))).isEqualTo("hit-exact");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cut",
        "filtered",
        "malformed",
        "blocked",
        "caller",
        "unfinished",
        "broken",
        "wrong"
      })
  void whatIsNoAnswerIsNotStored(String model) throws Exception {
    for (boolean isStream : List.of(true, false, true)) {
      HttpResponse<String> answer = ask(model, isStream, body());
      if (model.equals("wrong")) {
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("INVALID_ARGUMENT");
      } else {
        assertThat(answer.statusCode()).isEqualTo(200);
        // What is whole only where it is not streamed is an answer there.
        boolean isWhole = List.of("unfinished", "broken").contains(model) && !isStream;
        assertThat(cache(answer)).isEqualTo("miss");
        if (isWhole) {
          return;
        }
      }
    }
  }

  @Test
  void aForcedFunctionIsAnAnswer() throws Exception {
    for (boolean isStream : List.of(false, true)) {
      ObjectNode body = body();
      body.putArray("tools")
          .addObject()
          .putArray("functionDeclarations")
          .addObject()
          .put("name", "w");
      body.putObject("toolConfig").putObject("functionCallingConfig").put("mode", "ANY");
      HttpResponse<String> answer = ask("caller", isStream, body);
      assertThat(cache(answer)).isEqualTo(isStream ? "hit-exact" : "miss");
      assertThat(reply(answer, isStream).at("/candidates/0/content/parts/0/functionCall/args/city"))
          .hasToString("\"Paris, France\"");
    }
  }

  @Test
  void namesInSnakeCaseAreTheSame() throws Exception {
    String contents = "{\"contents\":" + Json.text(body().path("contents")) + ",%s}";
    String camel =
        "\"generationConfig\":{\"maxOutputTokens\":9,\"responseMimeType\":\"text/plain\"},"
            + "\"safetySettings\":[{\"category\":\"c\",\"threshold\":\"t\"}],"
            + "\"tools\":[{\"functionDeclarations\":[{\"name\":\"w\"}]}],"
            + "\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\"AUTO\"}}";
    String snake =
        camel
            .replace("generationConfig", "generation_config")
            .replace("maxOutputTokens", "max_output_tokens")
            .replace(",\"responseMimeType\":\"text/plain\"", "")
            .replace("safetySettings", "safety_settings")
            .replace("toolConfig", "tool_config")
            .replace("functionDeclarations", "function_declarations");
    ask("m", false, (ObjectNode) Json.read(contents.formatted(camel)));
    assertThat(cache(ask("m", false, (ObjectNode) Json.read(contents.formatted(snake)))))
        .isEqualTo("hit-exact");
    String twice = snake + ",\"safetySettings\":[]";
    assertThat(cache(ask("m", false, (ObjectNode) Json.read(contents.formatted(twice)))))
        .isEqualTo("bypass");
  }

  @Test
  void aForcedFunctionInSnakeCaseIsAnAnswerAndOneThatIsCalledOtherwiseIsNot() throws Exception {
    String body =
        "{\"contents\":"
            + Json.text(body().path("contents"))
            + ",\"tools\":[{\"function_declarations\":[{\"name\":\"w\",\"parameters\":{\"type\":\"OBJECT\","
            + "\"properties\":{\"city\":{\"type\":\"%s\"}}}},{\"name\":\"v\"}]}],\"tool_config\":{"
            + "\"function_calling_config\":{\"mode\":\"ANY\",\"allowed_function_names\":[\"w\"]}}}";
    for (String type : List.of("STRING", "INTEGER")) {
      ObjectNode asked = (ObjectNode) Json.read(body.formatted(type));
      ask("caller", false, asked);
      assertThat(cache(ask("caller", false, asked)))
          .isEqualTo(type.equals("STRING") ? "hit-exact" : "miss");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"googleSearch", "google_search", "codeExecution", "urlContext", "nobodyKnows"})
  void whatActsOrLooksThingsUpGoesPastTheCache(String tool) throws Exception {
    ObjectNode body = body();
    body.putArray("tools").addObject().putObject(tool);

    HttpResponse<String> answer = ask("m", false, body);
    assertThat(cache(answer)).isEqualTo("bypass");
    assertThat(answer.headers().firstValue("x-reprise-reason").orElseThrow()).startsWith("dynamic");
  }

  @Test
  void resultsOfFunctionsAreKnownByTheirCall() throws Exception {
    assertThat(cache(ask("m", false, conversation("a", "b", "a")))).isEqualTo("miss");
    assertThat(cache(ask("m", false, conversation("c", "d", "c")))).isEqualTo("hit-exact");
    assertThat(cache(ask("m", false, conversation("a", "b", "b")))).isEqualTo("miss");
  }

  private static ObjectNode conversation(String one, String two, String answered)
      throws IOException {
    return (ObjectNode)
        Json.read(
            """
            {"contents":[{"role":"user","parts":[{"text":"Weather %d?"}]},
              {"role":"model","parts":[{"functionCall":{"id":"%s","name":"w","args":{}}},
                {"functionCall":{"id":"%s","name":"w","args":{}}}]},
              {"role":"user","parts":[{"functionResponse":{"id":"%s","name":"w","response":{"t":12}}}]}]}
            """
                .formatted(number, one, two, answered));
  }

  @ParameterizedTest
  @ValueSource(strings = {"?key=%s", "?%%6bey=%s", "?access_token=%s", "x-goog-api-key"})
  void theKeySaysWhoAsks(String where) throws Exception {
    HttpResponse<String> one = asWith(where, "alice-secret");

    assertThat(cache(one)).isEqualTo("miss");
    assertThat(cache(asWith(where, "alice-secret"))).isEqualTo("hit-exact");
    assertThat(cache(asWith(where, "bob-secret"))).isEqualTo("miss");
    Asked asked = provider.asked().get(0);
    assertThat(asked.target() + asked.header("x-goog-api-key")).contains("alice-secret");
  }

  private HttpResponse<String> asWith(String where, String key) throws Exception {
    boolean isHeader = !where.startsWith("?");
    return isHeader
        ? send("/v1beta/models/m:generateContent", body(), where, key)
        : send("/v1beta/models/m:generateContent" + where.formatted(key), body());
  }

  @Test
  void theOwnKeyIsShownAsTheProviderWantsWhereTheClientShowsNone() throws Exception {
    try (Gateway own =
        Gateway.builder(provider.url(), CacheEngine.builder()).port(0).upstreamKey("own").start()) {
      String base = "http://127.0.0.1:" + own.port();
      for (String path : List.of("m:generateContent", "m:countTokens", "n:generateContent?key=c")) {
        send(URI.create(base + "/v1beta/models/" + path), body());
      }
    }
    assertThat(provider.asked())
        .extracting(asked -> asked.header("x-goog-api-key"))
        .containsExactly("own", "own", "");
    assertThat(provider.asked())
        .extracting(Asked::target)
        .containsExactly(
            "/v1beta/models/m:generateContent",
            "/v1beta/models/m:countTokens",
            "/v1beta/models/n:generateContent?key=c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/models/m:generateContent",
        "/v1beta1/publishers/google/models/m:generateContent",
        "/v1/projects/p/locations/l/publishers/google/models/m:generateContent"
      })
  void theOtherPathsAreCachedToo(String path) throws Exception {
    assertThat(cache(send(path, body()))).isEqualTo("miss");
    assertThat(cache(send(path, body()))).isEqualTo("hit-exact");
    assertThat(provider.asked().get(0).target()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m:countTokens",
        "m:embedContent",
        "m:batchGenerateContent",
        "m:streamGenerateContent",
        "m:streamGenerateContent?alt=json"
      })
  void allElseIsPassedOn(String call) throws Exception {
    for (int i = 0; i < 2; i++) {
      assertThat(cache(send("/v1beta/models/" + call, body()))).isEqualTo("passed");
    }
    assertThat(provider.asked()).hasSize(2);
  }

  @Test
  void anAnswerThatIsNoJsonThoughAskedForIsNotStored() throws Exception {
    ObjectNode body = body();
    body.putObject("generationConfig").put("responseMimeType", "application/json");

    for (int i = 0; i < 2; i++) {
      HttpResponse<String> answer = ask("m", false, body);
      assertThat(cache(answer)).isEqualTo("miss");
      assertThat(answer.headers().firstValue("x-reprise-reason").orElseThrow())
          .startsWith("incomplete");
    }
  }

  private static ObjectNode body() {
    ObjectNode body = Json.object();
    ObjectNode content = body.putArray("contents").addObject().put("role", "user");
    content.putArray("parts").addObject().put("text", "Why " + number + "?");
    return body;
  }

  private static JsonNode reply(HttpResponse<String> response, boolean isStream)
      throws IOException {
    if (!isStream) {
      return ((ObjectNode) Json.read(response.body())).without("responseId");
    }
    GeminiCollector collector = new GeminiCollector();
    EventReader reader =
        new EventReader(new ByteArrayInputStream(response.body().getBytes(StandardCharsets.UTF_8)));
    for (EventReader.Event event = reader.next(); event != null; event = reader.next()) {
      collector.take(event);
    }
    return GeminiCodec.read(collector.answer().orElseThrow()).without("responseId");
  }

  private HttpResponse<String> ask(String model, boolean isStream, ObjectNode body)
      throws Exception {
    return send("/v1beta/models/" + model + ":" + (isStream ? STREAM : WHOLE), body);
  }

  private HttpResponse<String> send(String path, ObjectNode body, String... headers)
      throws Exception {
    return send(URI.create("http://127.0.0.1:" + gateway.port() + path), body, headers);
  }

  private HttpResponse<String> send(URI address, ObjectNode body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
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
}
