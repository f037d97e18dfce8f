package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.EventReader;
import dev.reprise.gateway.protocol.Protocol;
import dev.reprise.gateway.protocol.openai.OpenAiStreams;
import dev.reprise.model.Completion;
import dev.reprise.policy.CachePolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A gateway before a scripted upstream, and what a client on the wire sends and reads. */
abstract class GatewayFixture {
  final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  ScriptedModelServer upstream;
  Gateway gateway;

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedModelServer();
    gateway =
        Gateway.builder(upstream.url(), CacheEngine.builder())
            .port(0)
            .maximumBodyBytes(100_000)
            .bodyDeadline(Duration.ofMillis(300))
            .upstreamPatience(Duration.ofSeconds(5))
            .group("team", List.of("sk-one", "sk-two"))
            .chatPolicy(CachePolicy.builder().alsoStore(Completion.TOOL_CALLS).build())
            .start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  /** The scripts of every shape that an answer has. */
  static Stream<String> shapes() {
    return Stream.of(
        "Why?",
        "tools",
        "forced",
        "forced-text",
        "forced-function",
        "extra",
        "json",
        "think",
        "probabilities",
        "several");
  }

  static String question(String text) {
    return "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\""
        + text
        + "\"}]}";
  }

  static String streamed(String text, String fields) {
    return "{\"stream\":true," + fields + question(text).substring(1);
  }

  HttpResponse<String> chat(String body, String... headers) throws Exception {
    return send(post(gateway, "/chat/completions", body, headers));
  }

  HttpResponse<String> embed(String input) throws Exception {
    return send(post(gateway, "/embeddings", "{\"model\":\"e\",\"input\":" + input + "}"));
  }

  static HttpRequest post(Gateway to, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(to.url() + path))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  HttpResponse<String> send(HttpRequest request) throws Exception {
    return client.send(request, BodyHandlers.ofString());
  }

  static String cache(HttpResponse<?> response) {
    return response.headers().firstValue("x-reprise-cache").orElse("none");
  }

  static String code(HttpResponse<String> response) throws IOException {
    JsonNode error = Json.read(response.body()).path("error");
    assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
    return error.path("code").asText();
  }

  /** Returns what of an answer is not of one call. */
  static JsonNode lasting(HttpResponse<String> response) throws IOException {
    ObjectNode answer = (ObjectNode) Json.read(response.body());
    answer.remove(List.of("id", "created"));
    return answer;
  }

  static List<String> names(ObjectNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  static List<JsonNode> chunks(HttpResponse<String> response) throws IOException {
    List<JsonNode> chunks = new ArrayList<>();
    for (String event : response.body().split("\n\n", -1)) {
      if (!event.isEmpty() && !event.equals("data: [DONE]")) {
        chunks.add(Json.read(event.substring("data: ".length())));
      }
    }
    return chunks;
  }

  /** Puts a stream's chunks together to the choices of a whole answer. */
  static JsonNode collected(HttpResponse<String> response) throws IOException {
    Protocol.Collector collector = OpenAiStreams.ofChat();
    for (JsonNode chunk : chunks(response)) {
      collector.take(EventReader.Event.of("", Json.text(chunk)));
    }
    return OpenAiStreams.chat(collector).path("choices");
  }

  /** Sends bytes and returns all that comes back before the connection ends or is silent. */
  String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
      socket.setSoTimeout(3000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      StringBuilder answer = new StringBuilder();
      byte[] buffer = new byte[4096];
      try {
        for (int read = socket.getInputStream().read(buffer);
            read >= 0;
            read = socket.getInputStream().read(buffer)) {
          answer.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
        }
      } catch (IOException e) {
        // The server is silent, or gone; what came is what is looked at.
        answer.append("");
      }
      return answer.toString();
    }
  }
}
