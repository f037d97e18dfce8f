package dev.reprise.gateway;

import static dev.reprise.gateway.WireClient.cache;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.ScriptedProvider.Asked;
import dev.reprise.gateway.ScriptedProvider.Scripted;
import dev.reprise.gateway.http.Json;
import dev.reprise.match.Matcher;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every protocol with a question in it is answered by meaning, streamed or not. */
class ProtocolsByMeaningTest {
  private static final String QUESTION = "How do I reset my password?";
  private static final String SAME = "How can I reset my password?";
  private static final List<String> ANSWER = List.of("Press", " the", " button.");

  /** The texts of an answer, whole or in pieces. */
  private static final Pattern TEXT =
      Pattern.compile("\"(?:text|content|response)\" ?: ?\"([^\"]*)\"");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final OnePlace embedder = new OnePlace();
  private final CountedTier rows = new CountedTier(embedder.dimension());
  private ScriptedProvider provider;
  private Gateway gateway;

  /** A protocol: what a client of it sends, and what its provider replies. */
  private enum Wire {
    CHAT,
    RESPONSES,
    MESSAGES,
    GEMINI,
    OLLAMA_CHAT,
    OLLAMA_GENERATE;

    String path(String model, boolean isStream) {
      return switch (this) {
        case CHAT -> "/v1/chat/completions";
        case RESPONSES -> "/v1/responses";
        case MESSAGES -> "/v1/messages";
        case GEMINI ->
            "/v1beta/models/"
                + model
                + (isStream ? ":streamGenerateContent?alt=sse" : ":generateContent");
        case OLLAMA_CHAT -> "/api/chat";
        case OLLAMA_GENERATE -> "/api/generate";
      };
    }

    ObjectNode body(String model, String system, String question, boolean isStream) {
      ObjectNode body = Json.object();
      if (this != GEMINI) {
        body.put("model", model).put("stream", isStream);
      }
      switch (this) {
        case CHAT, OLLAMA_CHAT -> {
          said(body.withArray("messages"), "system", system);
          said(body.withArray("messages"), "user", question);
        }
        case RESPONSES ->
            body.put("store", false).put("instructions", system).put("input", question);
        case MESSAGES -> {
          body.put("max_tokens", 100).put("system", system);
          said(body.withArray("messages"), "user", question);
        }
        case GEMINI -> {
          body.withObject("/systemInstruction").putArray("parts").addObject().put("text", system);
          turn(body, "user", question);
        }
        case OLLAMA_GENERATE -> body.put("system", system).put("prompt", question);
      }
      return body;
    }

    /** Returns the body with another question and its answer before its own. */
    ObjectNode later(ObjectNode body) {
      ObjectNode copy = body.deepCopy();
      switch (this) {
        case CHAT, OLLAMA_CHAT, MESSAGES -> {
          ArrayNode messages = (ArrayNode) copy.remove("messages");
          ArrayNode more = copy.putArray("messages");
          said(more, "user", "Which bank are you?");
          said(more, "assistant", "The first.");
          messages.forEach(more::add);
        }
        case RESPONSES -> {
          String question = copy.remove("input").textValue();
          ArrayNode more = copy.putArray("input");
          said(more, "user", "Which bank are you?");
          said(more, "assistant", "The first.");
          said(more, "user", question);
        }
        case GEMINI -> {
          ArrayNode contents = (ArrayNode) copy.remove("contents");
          turn(copy, "user", "Which bank are you?");
          turn(copy, "model", "The first.");
          contents.forEach(copy.withArray("contents")::add);
        }
        case OLLAMA_GENERATE -> copy.putArray("context").add(1).add(2);
      }
      return copy;
    }

    private static void said(ArrayNode messages, String role, String text) {
      messages.addObject().put("role", role).put("content", text);
    }

    private static void turn(ObjectNode body, String role, String text) {
      ObjectNode turn = body.withArray("contents").addObject().put("role", role);
      turn.putArray("parts").addObject().put("text", text);
    }

    Scripted whole() {
      String text = '"' + String.join("", ANSWER) + '"';
      return new Scripted(
          200,
          "application/json",
          switch (this) {
            case CHAT ->
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
                    + text
                    + "},\"finish_reason\":\"stop\"}]}";
            case RESPONSES ->
                "{\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":1,\"status\":\"completed\",\"model\":\"m\",\"output\":[{\"id\":\"msg_1\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"annotations\":[],\"text\":"
                    + text
                    + "}]}]}";
            case MESSAGES ->
                "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[{\"type\":\"text\",\"text\":"
                    + text
                    + "}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":9,\"output_tokens\":4}}";
            case GEMINI -> candidate(text, ",\"finishReason\":\"STOP\"");
            case OLLAMA_CHAT, OLLAMA_GENERATE ->
                line(text, "\"done\":true,\"done_reason\":\"stop\"").strip();
          });
    }

    private static String candidate(String text, String end) {
      return "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":"
          + text
          + "}],\"role\":\"model\"},\"index\":0"
          + end
          + "}]}";
    }

    private String line(String text, String end) {
      return "{\"model\":\"m\",\"created_at\":\"2026-11-30T02:00:00Z\","
          + (this == OLLAMA_CHAT
              ? "\"message\":{\"role\":\"assistant\",\"content\":" + text + "}"
              : "\"response\":" + text)
          + ","
          + end
          + "}\n";
    }

    /** Returns an event of Anthropic's. */
    private static String event(String type, String members) {
      return "event: %s\ndata: {\"type\":\"%s\",%s}\n\n".formatted(type, type, members);
    }

    Scripted stream() {
      StringBuilder events = new StringBuilder();
      switch (this) {
        case CHAT -> {
          ANSWER.forEach(
              piece ->
                  events.append(
                      "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                          + piece
                          + "\"},\"finish_reason\":null}]}\n\n"));
          events.append(
              "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata:"
                  + " [DONE]\n\n");
        }
        case MESSAGES -> {
          events.append(
              event(
                  "message_start",
                  "\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}"));
          events.append(
              event(
                  "content_block_start",
                  "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"));
          ANSWER.forEach(
              piece ->
                  events.append(
                      event(
                          "content_block_delta",
                          "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\""
                              + piece
                              + "\"}")));
          events.append(event("content_block_stop", "\"index\":0"));
          events.append(
              event(
                  "message_delta",
                  "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":4}"));
          events.append(event("message_stop", "\"end\":true"));
        }
        case GEMINI -> {
          for (int i = 0; i < ANSWER.size(); i++) {
            String end = i < ANSWER.size() - 1 ? "" : ",\"finishReason\":\"STOP\"";
            events
                .append("data: ")
                .append(candidate('"' + ANSWER.get(i) + '"', end))
                .append("\r\n\r\n");
          }
        }
        case OLLAMA_CHAT, OLLAMA_GENERATE -> {
          ANSWER.forEach(piece -> events.append(line('"' + piece + '"', "\"done\":false")));
          events.append(line("\"\"", "\"done\":true,\"done_reason\":\"stop\""));
        }
        case RESPONSES -> throw new IllegalStateException("GatewayResponsesTest has its streams");
      }
      return new Scripted(
          200,
          name().startsWith("OLLAMA") ? "application/x-ndjson" : "text/event-stream",
          events.toString());
    }
  }

  /** Gives all texts one vector, and keeps them. */
  private static final class OnePlace implements Embedder {
    private final List<String> texts = new CopyOnWriteArrayList<>();

    @Override
    public String id() {
      return "one-place";
    }

    @Override
    public int dimension() {
      return 2;
    }

    @Override
    public Embedding embed(String text) {
      texts.add(text);
      return new Embedding.Embedded(Vector.normalized(new float[] {1, 1}));
    }
  }

  @BeforeEach
  void start() throws IOException {
    provider = new ScriptedProvider(ProtocolsByMeaningTest::answer);
    gateway =
        Gateway.builder(
                provider.url(),
                CacheEngine.builder().semanticTier(rows, embedder).matcher(Matcher.threshold(0.9)))
            .port(0)
            .start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    provider.close();
  }

  private static Scripted answer(Asked asked) {
    Wire wire =
        switch (asked.target().split("\\?", -1)[0].replaceAll(".*[/:]", "")) {
          case "completions" -> Wire.CHAT;
          case "responses" -> Wire.RESPONSES;
          case "messages" -> Wire.MESSAGES;
          case "chat" -> Wire.OLLAMA_CHAT;
          case "generate" -> Wire.OLLAMA_GENERATE;
          default -> Wire.GEMINI;
        };
    boolean isStream =
        wire == Wire.GEMINI
            ? asked.target().contains("alt=sse")
            : asked.json().path("stream").asBoolean();
    return isStream ? wire.stream() : wire.whole();
  }

  private HttpResponse<String> ask(Wire wire, String model, ObjectNode body) throws Exception {
    boolean isStream = body.path("stream").asBoolean();
    return ask(wire.path(model, isStream), body);
  }

  private HttpResponse<String> ask(String path, ObjectNode body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(gateway.url().resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Json.text(body)))
            .build(),
        BodyHandlers.ofString());
  }

  private static String text(HttpResponse<String> answer) {
    return TEXT.matcher(answer.body())
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.joining());
  }

  @ParameterizedTest
  @CsvSource({
    "CHAT,false,false",
    "CHAT,true,false",
    "CHAT,false,true",
    "RESPONSES,false,false",
    "MESSAGES,false,false",
    "MESSAGES,true,false",
    "MESSAGES,false,true",
    "MESSAGES,true,true",
    "GEMINI,false,false",
    "GEMINI,true,false",
    "GEMINI,false,true",
    "OLLAMA_CHAT,false,false",
    "OLLAMA_CHAT,true,false",
    "OLLAMA_CHAT,false,true",
    "OLLAMA_GENERATE,false,false",
    "OLLAMA_GENERATE,true,true"
  })
  void theSameInOtherWordsIsAHit(Wire wire, boolean first, boolean second) throws Exception {
    HttpResponse<String> miss =
        ask(wire.path("m", first), wire.body("m", "Be brief.", QUESTION, first));
    WireClient.await(() -> rows.stored() == 1);
    HttpResponse<String> hit =
        ask(wire.path("m", second), wire.body("m", "Be brief.", SAME, second));

    assertThat(cache(miss)).as(miss.body()).isEqualTo("miss");
    assertThat(cache(hit)).as(hit.body()).isEqualTo("hit-semantic");
    assertThat(hit.headers().firstValue("x-reprise-similarity")).hasValue("1.0000");
    assertThat(hit.headers().firstValue("x-reprise-entry")).isPresent();
    if (!first) {
      // The head of a streamed miss is sent before it is known whether it will be stored.
      assertThat(hit.headers().firstValue("x-reprise-entry"))
          .isEqualTo(miss.headers().firstValue("x-reprise-entry"));
    }
    assertThat(text(hit)).isEqualTo(String.join("", ANSWER));
    assertThat(hit.headers().firstValue("content-type").orElseThrow().toLowerCase(Locale.ROOT))
        .startsWith(second ? wire.stream().type() : "application/json");
    assertThat(provider.asked()).hasSize(1);
    // The question alone is compared, not what surrounds it.
    assertThat(embedder.texts).containsOnly(QUESTION, SAME);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void anotherContextIsNoHit(Wire wire) throws Exception {
    ask(wire, "m", wire.body("m", "Be brief.", QUESTION, false));
    WireClient.await(() -> rows.stored() == 1);

    ObjectNode system = wire.body("m", "Be long.", SAME, false);
    ObjectNode model = wire.body("other", "Be brief.", SAME, false);
    ObjectNode later = wire.later(wire.body("m", "Be brief.", SAME, false));
    assertThat(cache(ask(wire, "m", system))).as("system").isEqualTo("miss");
    assertThat(cache(ask(wire, "other", model))).as("model").isEqualTo("miss");
    assertThat(cache(ask(wire, "m", later))).as("later turn").isEqualTo("miss");
    assertThat(provider.asked()).hasSize(4);
  }
}
