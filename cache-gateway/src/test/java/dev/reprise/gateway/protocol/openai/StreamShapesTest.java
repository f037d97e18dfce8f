package dev.reprise.gateway.protocol.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.Gateway;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.EventReader;
import dev.reprise.gateway.protocol.StreamChunk;
import dev.reprise.model.Completion;
import dev.reprise.policy.CachePolicy;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A client sees the same stream with the gateway and without it, whatever shape it has. */
class StreamShapesTest {
  private static final String EVENTS = "text/event-stream";
  private static final String END = "data: [DONE]\n\n";
  private static final String HI =
      data("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"},\"finish_reason\":null}]}");
  private static final String STOP =
      data("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}");
  private static final String USAGE =
      "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}";

  private static final Map<String, Shape> SHAPES = shapes();
  private static HttpServer server;
  private static Gateway gateway;
  private static HttpClient client;

  /** What becomes of an answer of this shape. */
  private enum Kept {
    STORED,
    NOT_STORED
  }

  private record Shape(String type, String body, Kept kept) {}

  private static String data(String json) {
    return "data: " + json + "\n\n";
  }

  private static String delta(String delta) {
    return data("{\"choices\":[{\"index\":0,\"delta\":" + delta + "}]}");
  }

  private static Map<String, Shape> shapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    // --- valid, and stored
    stored(shapes, "plain", HI + STOP + END);
    stored(shapes, "crlf", (HI + STOP + END).replace("\n", "\r\n"));
    stored(shapes, "cr only", (HI + STOP + END).replace("\n", "\r"));
    stored(shapes, "no space behind the colon", (HI + STOP + END).replace("data: ", "data:"));
    stored(shapes, "comments", ": hello\n\n" + HI + ": OPENROUTER PROCESSING\n\n" + STOP + END);
    stored(shapes, "comment within an event", ": c\n" + HI + STOP + END);
    stored(shapes, "retry and id", "retry: 100\nid: 7\n" + HI + "id: 8\n" + STOP + END);
    stored(shapes, "unknown field", "colour: red\n" + HI + STOP + END);
    stored(
        shapes,
        "several data lines",
        "data: {\"choices\":[{\"index\":0,\ndata: \"delta\":{\"content\":\"hi\"}}]}\n\n"
            + STOP
            + END);
    stored(shapes, "event message", named("message", HI) + named("message", STOP) + END);
    stored(
        shapes,
        "events named as the chunks are",
        named("chat.completion.chunk", HI + STOP)
                .replace("{\"choices\"", "{\"object\":\"chat.completion.chunk\",\"choices\"")
            + END);
    stored(
        shapes,
        "a list as content, then texts",
        delta("{\"role\":\"assistant\",\"content\":\"\"}")
            + delta(
                "{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"h\"}]}]}")
            + delta(
                "{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"m\"}]}]}")
            + HI
            + HI
            + STOP
            + END);
    stored(
        shapes,
        "texts, then a list as content",
        HI
            + delta(
                "{\"content\":[{\"type\":\"text\",\"text\":\"ho\"},{\"type\":\"reference\",\"reference_ids\":[1]}]}")
            + HI
            + STOP
            + END);
    stored(shapes, "event ping", HI + "event: ping\ndata: {}\n\n" + STOP + END);
    stored(shapes, "empty data", HI + "data:\n\n" + STOP + END);
    stored(shapes, "blank lines", "\n\n" + HI + "\n\n\n" + STOP + END);
    stored(shapes, "a byte order mark", "\uFEFF" + HI + STOP + END);
    stored(shapes, "no index", (HI + STOP).replace("\"index\":0,", "") + END);
    stored(shapes, "index null", (HI + STOP).replace("\"index\":0", "\"index\":null") + END);
    stored(shapes, "text behind the end", HI + STOP + END + HI);
    stored(shapes, "comment behind the end", HI + STOP + END + ": bye\n\n");
    stored(shapes, "end without a blank line", HI + STOP + "data: [DONE]");
    stored(shapes, "end with one line feed", HI + STOP + "data: [DONE]\n");
    stored(shapes, "empty role", delta("{\"role\":\"\",\"content\":\"\"}") + HI + STOP + END);
    stored(
        shapes,
        "role in each chunk",
        HI.replace("\"delta\":{", "\"delta\":{\"role\":\"assistant\",")
            + STOP.replace("{}", "{\"role\":\"assistant\"}")
            + END);
    stored(shapes, "delta null at the end", HI + STOP.replace("{}", "null") + END);
    stored(shapes, "no delta at the end", HI + STOP.replace("\"delta\":{},", "") + END);
    stored(shapes, "content null first", delta("{\"content\":null}") + HI + STOP + END);
    stored(
        shapes,
        "filters first",
        data("{\"choices\":[],\"prompt_filter_results\":[]}") + HI + STOP + END);
    stored(shapes, "usage last", HI + STOP + data("{\"choices\":[]," + USAGE + "}") + END);
    stored(shapes, "usage without choices", HI + STOP + data("{" + USAGE + "}") + END);
    stored(shapes, "choices null", HI + STOP + data("{\"choices\":null," + USAGE + "}") + END);
    stored(
        shapes,
        "usage in the last chunk",
        HI + STOP.replace("{\"choices\"", "{" + USAGE + ",\"choices\"") + END);
    stored(
        shapes,
        "usage in each chunk",
        (HI + STOP).replace("{\"choices\"", "{" + USAGE + ",\"choices\"") + END);
    stored(
        shapes,
        "null usage",
        (HI + STOP).replace("{\"choices\"", "{\"usage\":null,\"choices\"") + END);
    stored(shapes, "reasoning", delta("{\"reasoning_content\":\"hm\"}") + HI + STOP + END);
    stored(
        shapes,
        "reasoning details",
        delta("{\"reasoning_details\":[{\"index\":0,\"text\":\"a\"}]}") + HI + STOP + END);
    stored(
        shapes,
        "obfuscation",
        HI.replace("{\"choices\"", "{\"obfuscation\":\"xx\",\"choices\"") + STOP + END);
    stored(shapes, "a line separator", HI.replace("hi", "a\u2028b\\u2028c") + STOP + END);
    stored(
        shapes, "letters of all planes", HI.replace("hi", "\u00e9\u6c34\ud83d\udc0d") + STOP + END);
    stored(
        shapes,
        "halved surrogates",
        HI.replace("hi", "\\ud83d") + HI.replace("hi", "\\udc0d") + STOP + END);
    stored(shapes, "white space in JSON", HI.replace("\":", "\" : ") + STOP + END);
    stored(
        shapes,
        "upper case type",
        new Shape("Text/Event-Stream; charset=utf-8", HI + STOP + END, Kept.STORED));
    stored(shapes, "no type", new Shape("", HI + STOP + END, Kept.STORED));
    stored(
        shapes,
        "two choices",
        HI
            + HI.replace("\"index\":0", "\"index\":1")
            + STOP
            + STOP.replace("\"index\":0", "\"index\":1")
            + END);
    stored(shapes, "parallel calls", calls(0, "a", 1, "b"));
    stored(shapes, "parallel calls of one index", calls(0, "a", 0, "b"));
    stored(shapes, "calls without index", calls(-1, "a", -1, "b"));
    stored(shapes, "calls without index and id", calls(-1, "", -1, ""));
    // --- valid, and not stored
    other(shapes, "no end", HI + STOP);
    other(shapes, "no reason", HI + END);
    other(shapes, "length", HI + STOP.replace("stop", "length") + END);
    other(shapes, "empty choices only", data("{\"choices\":[]}") + END);
    other(shapes, "end only", END);
    other(shapes, "nothing", "");
    other(shapes, "comments only", ": a\n\n: b\n\n");
    other(shapes, "no event", "upstream says no\n");
    other(shapes, "an error", HI + data("{\"error\":{\"message\":\"overloaded\",\"code\":529}}"));
    other(
        shapes,
        "an error of a choice",
        HI + STOP.replace("\"delta\":{}", "\"error\":{\"code\":502},\"delta\":{}") + END);
    other(shapes, "a named error", HI + "event: error\ndata: {\"message\":\"no\"}\n\n");
    other(
        shapes, "an error and an end", HI + data("{\"error\":{\"message\":\"no\"}}") + STOP + END);
    other(shapes, "no JSON", HI + data("oops") + STOP + END);
    other(shapes, "an odd index", HI.replace("\"index\":0", "\"index\":\"x\"") + STOP + END);
    other(shapes, "a named chunk", named("chunk", HI) + STOP + END);
    other(shapes, "half an event", HI + "data: {\"choices\":[{\"ind");
    return shapes;
  }

  private static String named(String name, String event) {
    return "event: " + name + "\n" + event;
  }

  private static String calls(int first, String firstId, int second, String secondId) {
    return call(first, firstId, "one", "{\\\"a\\\":1}")
        + call(second, secondId, "two", "{\\\"b\\\":2}")
        + STOP.replace("stop", "tool_calls")
        + END;
  }

  private static String call(int index, String id, String name, String arguments) {
    return delta(
        "{\"tool_calls\":[{"
            + (index < 0 ? "" : "\"index\":" + index + ",")
            + "\"id\":\""
            + id
            + "\",\"type\":\"function\",\"function\":{\"name\":\""
            + name
            + "\",\"arguments\":\""
            + arguments
            + "\"}}]}");
  }

  private static void stored(Map<String, Shape> shapes, String name, String body) {
    shapes.put(name, new Shape(EVENTS, body, Kept.STORED));
  }

  private static void stored(Map<String, Shape> shapes, String name, Shape shape) {
    shapes.put(name, shape);
  }

  private static void other(Map<String, Shape> shapes, String name, String body) {
    shapes.put(name, new Shape(EVENTS, body, Kept.NOT_STORED));
  }

  @BeforeAll
  static void start() throws IOException {
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.createContext("/", StreamShapesTest::answer);
    server.start();
    gateway =
        Gateway.builder(upstream(), CacheEngine.builder())
            .port(0)
            .chatPolicy(CachePolicy.builder().alsoStore(Completion.TOOL_CALLS).build())
            .start();
  }

  private static URI upstream() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String model = Json.read(exchange.getRequestBody().readAllBytes()).path("model").asText();
      Shape shape = SHAPES.get(model);
      if (!shape.type().isEmpty()) {
        exchange.getResponseHeaders().set("Content-Type", shape.type());
      }
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(shape.body().getBytes(StandardCharsets.UTF_8));
    }
  }

  @AfterAll
  static void stop() {
    gateway.close();
    server.stop(0);
  }

  static Stream<String> names() {
    return SHAPES.keySet().stream();
  }

  @Test
  void thereAreManyShapes() {
    assertThat(SHAPES).hasSizeGreaterThan(55);
  }

  /** One who asks for usage gets each byte; but nothing behind the end, which nobody reads. */
  @ParameterizedTest
  @MethodSource("names")
  void whoAsksForUsageGetsTheSameBytes(String name) throws Exception {
    HttpResponse<byte[]> direct = ask(upstream(), name, true);
    HttpResponse<byte[]> through = ask(gateway.url(), name, true);

    assertThat(through.statusCode()).isEqualTo(direct.statusCode());
    String expected = new String(direct.body(), StandardCharsets.UTF_8);
    String lessMark = expected.startsWith("\uFEFF") ? expected.substring(1) : expected;
    String lessRest =
        lessMark.contains(END)
            ? lessMark.substring(0, lessMark.indexOf(END) + END.length())
            : lessMark;
    assertThat(new String(through.body(), StandardCharsets.UTF_8)).isEqualTo(lessRest);
    String second = cache(ask(gateway.url(), name, true));
    assertThat(second).isEqualTo(SHAPES.get(name).kept() == Kept.STORED ? "hit-exact" : "miss");
  }

  /** One who does not ask for usage gets the same events, and the same answer from the cache. */
  @ParameterizedTest
  @MethodSource("names")
  void whoDoesNotGetsTheSameEventsAndTheSameAnswerAgain(String name) throws Exception {
    List<String> direct = events(ask(upstream(), name, false));
    HttpResponse<byte[]> first = ask(gateway.url(), name, false);
    HttpResponse<byte[]> again = ask(gateway.url(), name, false);

    if (cache(first).equals("miss")) {
      assertThat(events(first)).isEqualTo(direct);
    }
    if (SHAPES.get(name).kept() == Kept.STORED) {
      assertThat(cache(again)).isEqualTo("hit-exact");
      JsonNode expected =
          choices(new String(ask(upstream(), name, false).body(), StandardCharsets.UTF_8));
      assertThat(choices(new String(again.body(), StandardCharsets.UTF_8))).isEqualTo(expected);
    }
  }

  @Test
  void equalIndexesAndOtherIdentifiersAreTwoCalls() throws Exception {
    for (String name :
        List.of(
            "parallel calls",
            "parallel calls of one index",
            "calls without index",
            "calls without index and id")) {
      ask(gateway.url(), name, false);
      HttpResponse<byte[]> again = ask(gateway.url(), name, false);
      JsonNode calls =
          choices(new String(again.body(), StandardCharsets.UTF_8))
              .path(0)
              .path("message")
              .path("tool_calls");
      assertThat(calls).as(name).hasSize(2);
      assertThat(calls.get(0).path("function").path("arguments").asText()).isEqualTo("{\"a\":1}");
      assertThat(calls.get(1).path("function").path("arguments").asText()).isEqualTo("{\"b\":2}");
    }
  }

  @Test
  void aReplayHasNoCharacterThatEndsALineForSomeClients() throws Exception {
    ask(gateway.url(), "a line separator", false);
    HttpResponse<byte[]> again = ask(gateway.url(), "a line separator", false);

    assertThat(cache(again)).isEqualTo("hit-exact");
    assertThat(new String(again.body(), StandardCharsets.UTF_8)).doesNotContain("\u2028");
  }

  private static HttpResponse<byte[]> ask(URI base, String name, boolean usage) throws Exception {
    ObjectNode body = Json.object();
    body.put("model", name);
    body.put("temperature", 0);
    body.put("stream", true);
    if (usage) {
      body.putObject("stream_options").put("include_usage", true);
      // So that each of the two tests has entries of its own.
      body.put("seed", 1);
    }
    body.putArray("messages").addObject().put("role", "user").put("content", "hi");
    return client.send(
        HttpRequest.newBuilder(URI.create(base + "/chat/completions"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(Json.bytes(body)))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private static String cache(HttpResponse<?> response) {
    return response.headers().firstValue("x-reprise-cache").orElse("none");
  }

  /**
   * Returns the events as an SDK sees them: of data as JSON, up to the end, without usage that was
   * not asked for.
   */
  private static List<String> events(HttpResponse<byte[]> response) throws IOException {
    List<String> events = new ArrayList<>();
    EventReader reader = new EventReader(new ByteArrayInputStream(response.body()));
    for (EventReader.Event event = reader.next(); event != null; event = reader.next()) {
      String data = event.data();
      if (data == null || data.isBlank()) {
        continue;
      }
      if (data.equals(StreamChunk.DONE)) {
        events.add(data);
        break;
      }
      String name = event.name();
      Json.readObject(data)
          .ifPresentOrElse(
              chunk -> {
                boolean isUsageOnly =
                    chunk.path("choices").isEmpty() && chunk.path("usage").isObject();
                if (chunk.path("usage").isNull()) {
                  chunk.remove("usage");
                }
                if (!isUsageOnly) {
                  events.add(name + Json.text(chunk));
                }
              },
              () -> events.add(name + data));
    }
    return events;
  }

  /** Puts a stream together as the SDKs do. */
  private static JsonNode choices(String body) throws IOException {
    ChunkCollector collector = new ChunkCollector(ChunkCollector.Of.CHAT);
    EventReader reader =
        new EventReader(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    for (EventReader.Event event = reader.next(); event != null; event = reader.next()) {
      collector.take(event);
    }
    return ChatCodec.read(collector.answer().orElseThrow()).path("choices");
  }
}
