package dev.reprise.gateway.protocol.ollama;

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
import dev.reprise.gateway.protocol.LineReader;
import dev.reprise.gateway.protocol.ollama.OllamaCodec.Call;
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

/** Ollama's chat and generate on the wire. */
class GatewayOllamaTest {
  private static final String CHAT = "/api/chat";
  private static final String GENERATE = "/api/generate";
  private static final String TAIL =
      "\"total_duration\":12,\"prompt_eval_count\":9,\"eval_count\":4}\n";

  private static ScriptedProvider provider;
  private static Gateway gateway;
  private static int number;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeAll
  static void start() throws IOException {
    provider = new ScriptedProvider(GatewayOllamaTest::answer);
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
    boolean isChat = asked.target().equals(CHAT);
    if (!isChat && !asked.target().equals(GENERATE)) {
      return new Scripted(200, "application/json", "{\"models\":[]}");
    }
    String model = asked.json().path("model").asText();
    if (model.equals("missing")) {
      return new Scripted(404, "application/json", "{\"error\":\"model 'missing' not found\"}");
    }
    List<String> said =
        switch (model) {
          case "thinker" ->
              List.of(
                  piece(isChat, "", "Two and"),
                  piece(isChat, "", " two"),
                  piece(isChat, "Four it is.", ""));
          case "caller" ->
              List.of(
                  "\"message\":{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"function\":{\"name\":\"w\",\"arguments\":{\"city\":\"Paris, France\",\"n\":1.50}}}]}");
          default ->
              List.of(piece(isChat, "Hello there", ""), piece(isChat, " you \\u2028 all.", ""));
        };
    if (asked.json().path("stream").asBoolean(true)) {
      StringBuilder lines = new StringBuilder();
      said.forEach(line -> lines.append(head(model)).append(line).append(",\"done\":false}\n"));
      if (model.equals("broken")) {
        lines.append("{\"error\":\"out of memory\"}\n");
      } else if (!model.equals("unfinished")) {
        lines.append(head(model)).append(piece(isChat, "", "")).append(end(model));
      }
      return new Scripted(200, "application/x-ndjson", lines.toString());
    }
    String whole =
        switch (model) {
          case "thinker" -> piece(isChat, "Four it is.", "Two and two");
          case "caller" -> said.get(0);
          default -> piece(isChat, "Hello there you \\u2028 all.", "");
        };
    return new Scripted(200, "application/json; charset=utf-8", head(model) + whole + end(model));
  }

  private static String head(String model) {
    return "{\"model\":\"" + model + "\",\"created_at\":\"2026-11-30T02:00:00.123456789Z\",";
  }

  private static String end(String model) {
    String reason = model.equals("cut") ? "length" : "stop";
    return ",\"done\":true,\"done_reason\":\"" + reason + "\"," + TAIL;
  }

  private static String piece(boolean isChat, String content, String thinking) {
    String more = thinking.isEmpty() ? "" : ",\"thinking\":\"" + thinking + "\"";
    return isChat
        ? "\"message\":{\"role\":\"assistant\",\"content\":\"" + content + "\"" + more + "}"
        : "\"response\":\"" + content + "\"" + more;
  }

  @ParameterizedTest
  @CsvSource({
    "/api/chat,m,,false",
    "/api/chat,m,false,",
    "/api/chat,m,true,null",
    "/api/chat,thinker,true,false",
    "/api/chat,thinker,false,true",
    "/api/generate,m,,false",
    "/api/generate,m,false,true",
    "/api/generate,thinker,false,",
    "/api/generate,thinker,,false"
  })
  void theSecondIsTheFirstStreamedOrNot(String path, String model, String first, String second)
      throws Exception {
    HttpResponse<String> one = send(path, streamed(body(path, model), first));
    HttpResponse<String> two = send(path, streamed(body(path, model), second));

    assertThat(one.statusCode()).isEqualTo(200);
    assertThat(cache(one)).isEqualTo("miss");
    assertThat(cache(two)).isEqualTo("hit-exact");
    assertThat(reply(path, two)).isEqualTo(reply(path, one));
    assertThat(two.headers().firstValue("content-type").orElseThrow())
        .startsWith("false".equals(second) ? "application/json" : "application/x-ndjson");
  }

  private static ObjectNode streamed(ObjectNode body, String how) throws IOException {
    if (how != null) {
      body.set("stream", Json.read(how));
    }
    return body;
  }

  @ParameterizedTest
  @ValueSource(strings = {CHAT, GENERATE})
  void withoutATemperatureItIsAskedAtZeroInItsOwnPlace(String path) throws Exception {
    ObjectNode body = body(path, "m");
    body.putObject("options").put("num_ctx", 2048);
    HttpResponse<String> answer = send(path, body);
    ObjectNode atZero = body(path, "m");
    atZero.putObject("options").put("temperature", 0.0).put("num_ctx", 2048);

    assertThat(answer.headers().firstValue("x-reprise-temperature")).hasValue("set-to-0");
    assertThat(provider.asked().get(0).json().path("options"))
        .hasToString("{\"num_ctx\":2048,\"temperature\":0}");
    assertThat(cache(send(path, atZero))).isEqualTo("hit-exact");
    atZero.withObject("/options").put("temperature", 0.8);
    assertThat(cache(send(path, atZero))).isEqualTo("bypass");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/chat|\"format\":\"json\"",
        "/api/chat|\"options\":{\"seed\":7}",
        "/api/chat|\"think\":false",
        "/api/chat|\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"w\"}}]",
        "/api/chat|\"nobodyKnows\":1",
        "/api/generate|\"system\":\"Be brief.\"",
        "/api/generate|\"suffix\":\"end\"",
        "/api/generate|\"raw\":true",
        "/api/generate|\"context\":[1,2]",
        "/api/generate|\"images\":[\"SGVs\"]",
        "/api/generate|\"template\":\"x\""
      })
  void anyFieldMoreIsAnotherRequest(String path, String field) throws Exception {
    ObjectNode body = body(path, "m");
    send(path, body);
    ObjectNode more = (ObjectNode) Json.read("{" + field + "," + Json.text(body).substring(1));

    assertThat(cache(send(path, more))).isEqualTo("miss");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/chat|\"keep_alive\":\"5m\",\"tools\":[],\"format\":\"\",\"options\":{}",
        "/api/chat|\"format\":null,\"options\":null,\"tools\":null",
        "/api/generate|\"suffix\":\"\",\"system\":\"\",\"template\":\"\",\"context\":[],\"raw\":false",
        "/api/generate|\"keep_alive\":-1,\"images\":[],\"options\":{}"
      })
  void whatClientsSendEmptySaysNothing(String path, String fields) throws Exception {
    ObjectNode body = body(path, "m");
    send(path, body);
    ObjectNode more = (ObjectNode) Json.read("{" + fields + "," + Json.text(body).substring(1));

    assertThat(cache(send(path, more))).isEqualTo("hit-exact");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut", "caller", "unfinished", "broken"})
  void whatIsNoAnswerIsNotStored(String model) throws Exception {
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> answer = send(CHAT, body(CHAT, model));
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(cache(answer)).isEqualTo("miss");
    }
    assertThat(provider.asked()).hasSize(2);
  }

  @Test
  void errorsPassAsTheyAre() throws Exception {
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> answer = send(CHAT, body(CHAT, "missing"));
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.body()).isEqualTo("{\"error\":\"model 'missing' not found\"}");
    }
    assertThat(provider.asked()).hasSize(2);
  }

  @Test
  void loadingAModelGoesPastTheCache() throws Exception {
    ObjectNode body = Json.object().put("model", "m").put("keep_alive", 0);
    for (String path : List.of(CHAT, GENERATE)) {
      assertThat(cache(send(path, body))).isEqualTo("bypass");
    }
    assertThat(provider.asked()).hasSize(2);
  }

  @Test
  void resultsOfToolsAreKnownByTheirCall() throws Exception {
    assertThat(cache(send(CHAT, conversation("v", "w", "12")))).isEqualTo("miss");
    assertThat(cache(send(CHAT, conversation("v", "w", "12")))).isEqualTo("hit-exact");
    assertThat(cache(send(CHAT, conversation("w", "v", "12")))).isEqualTo("miss");
    assertThat(cache(send(CHAT, conversation("v", "w", "13")))).isEqualTo("miss");
  }

  private static ObjectNode conversation(String one, String other, String result)
      throws IOException {
    return (ObjectNode)
        Json.read(
            """
            {"model":"m","messages":[{"role":"user","content":"Weather %d?"},
              {"role":"assistant","content":"","tool_calls":[{"function":{"name":"%s","arguments":{}}},
                {"function":{"name":"%s","arguments":{}}}]},
              {"role":"tool","tool_name":"v","content":"%s"}]}
            """
                .formatted(number, one, other, result));
  }

  @Test
  void aPictureIsAPartOfTheQuestion() throws Exception {
    for (String picture : List.of("SGVs", "SGVt")) {
      ObjectNode body = body(CHAT, "m");
      body.withObject("/messages/0").putArray("images").add(picture);
      assertThat(cache(send(CHAT, body))).isEqualTo("miss");
      assertThat(cache(send(CHAT, body))).isEqualTo("hit-exact");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/x-www-form-urlencoded", "text/plain"})
  void whatCurlSendsIsRead(String type) throws Exception {
    for (String expected : List.of("miss", "hit-exact")) {
      HttpRequest request =
          HttpRequest.newBuilder(address(CHAT))
              .header("Content-Type", type)
              .POST(BodyPublishers.ofString(Json.text(body(CHAT, "m"))))
              .build();
      assertThat(cache(client.send(request, BodyHandlers.ofString()))).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/show", "/api/embed", "/api/pull"})
  void allElseIsPassedOn(String path) throws Exception {
    assertThat(cache(send(path, Json.object().put("model", "m")))).isEqualTo("passed");
    assertThat(provider.asked().get(0).target()).isEqualTo(path);
  }

  @Test
  void listsArePassedOn() throws Exception {
    HttpResponse<String> answer =
        client.send(HttpRequest.newBuilder(address("/api/tags")).build(), BodyHandlers.ofString());

    assertThat(cache(answer)).isEqualTo("passed");
    assertThat(answer.body()).isEqualTo("{\"models\":[]}");
  }

  private static ObjectNode body(String path, String model) {
    ObjectNode body = Json.object().put("model", model);
    String question = "Why " + number + "?";
    if (path.equals(CHAT)) {
      body.putArray("messages").addObject().put("role", "user").put("content", question);
    } else {
      body.put("prompt", question);
    }
    return body;
  }

  /** Returns the reply without its time. */
  private static JsonNode reply(String path, HttpResponse<String> response) throws IOException {
    Call call = path.equals(CHAT) ? Call.CHAT : Call.GENERATE;
    String type = response.headers().firstValue("content-type").orElseThrow();
    if (type.startsWith("application/json")) {
      return ((ObjectNode) Json.read(response.body())).without("created_at");
    }
    OllamaCollector collector = new OllamaCollector(call);
    LineReader reader =
        new LineReader(new ByteArrayInputStream(response.body().getBytes(StandardCharsets.UTF_8)));
    for (EventReader.Event line = reader.next(); line != null; line = reader.next()) {
      collector.take(line);
    }
    assertThat(collector.isEnded()).isTrue();
    return OllamaCodec.read(collector.answer().orElseThrow(), call).without("created_at");
  }

  private static URI address(String path) {
    return URI.create("http://127.0.0.1:" + gateway.port() + path);
  }

  private HttpResponse<String> send(String path, ObjectNode body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(address(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Json.text(body)))
            .build(),
        BodyHandlers.ofString());
  }

  private static String cache(HttpResponse<?> response) {
    return response.headers().firstValue("x-reprise-cache").orElse("none");
  }
}
