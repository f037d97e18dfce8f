package dev.reprise.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.reprise.gateway.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The demo's questions, sent through a gateway to an upstream that knows the demo's answers. */
final class DemoTraffic implements AutoCloseable {
  private static final String MODEL = "gpt-4o-mini";
  private static final int SHORTEST_MILLIS = 40;
  private static final int LONGEST_MILLIS = 250;

  private final List<JsonNode> questions = lines("questions.jsonl");
  private final Map<String, String> answers = new HashMap<>();
  private final Random random = new Random(1);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpServer upstream;

  DemoTraffic() throws IOException {
    Map<String, String> byLabel = new HashMap<>();
    for (JsonNode answer : lines("answers.jsonl")) {
      byLabel.put(answer.path("label").asText(), answer.path("answer").asText());
    }
    for (JsonNode question : questions) {
      String label = question.path("answer").asText();
      answers.put(question.path("question").asText(), byLabel.getOrDefault(label, label));
    }
    upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    upstream.createContext("/", this::answer);
    upstream.start();
  }

  private static List<JsonNode> lines(String name) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    try (InputStream in = DemoTraffic.class.getResourceAsStream("/dev/reprise/cli/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the demo's " + name + " is not on the class path");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().filter(each -> each.startsWith("{")).toList()) {
        lines.add(Json.read(line));
      }
    }
    return lines;
  }

  URI upstream() {
    return URI.create("http://127.0.0.1:" + upstream.getAddress().getPort());
  }

  /** Returns how many questions there are. */
  int size() {
    return questions.size();
  }

  /** Asks the question of that number, the first has 0. */
  void ask(int number, Gateway gateway) throws IOException, InterruptedException {
    JsonNode question = questions.get(number);
    String system = question.path("system").asText();
    ObjectNode body = Json.object().put("model", MODEL);
    body.put("temperature", question.path("temperature").asDouble(0));
    ArrayNode messages = body.putArray("messages");
    if (!system.isEmpty()) {
      messages.addObject().put("role", "system").put("content", system);
    }
    messages.addObject().put("role", "user").put("content", question.path("question").asText());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(gateway.url() + "/chat/completions"))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer the key of " + (system.contains("bank") ? "a" : "b"))
            .header("X-Reprise-Use-Case", question.path("useCase").asText("question"))
            .header("X-Reprise-Tags", question.path("answer").asText("other").split("-", 2)[0])
            .POST(BodyPublishers.ofByteArray(Json.bytes(body)));
    List<String> documents = new ArrayList<>();
    for (JsonNode document : question.path("documents")) {
      documents.add(document.path("id").asText() + "=" + document.path("version").asText());
    }
    if (!documents.isEmpty()) {
      request.header("X-Reprise-Documents", String.join(",", documents));
    }
    int status = client.send(request.build(), BodyHandlers.discarding()).statusCode();
    if (status != 200) {
      throw new IllegalStateException("question " + number + " was answered with " + status);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode body = Json.read(exchange.getRequestBody().readAllBytes());
      JsonNode messages = body.path("messages");
      String asked = messages.path(messages.size() - 1).path("content").asText();
      Thread.sleep(SHORTEST_MILLIS + random.nextInt(LONGEST_MILLIS - SHORTEST_MILLIS));
      ObjectNode completion = Json.object().put("id", "chatcmpl-demo");
      completion.put("object", "chat.completion").put("created", 1).put("model", MODEL);
      ObjectNode choice = completion.putArray("choices").addObject().put("index", 0);
      choice
          .putObject("message")
          .put("role", "assistant")
          .put("content", answers.getOrDefault(asked, "I do not know."));
      choice.put("finish_reason", "stop");
      completion
          .putObject("usage")
          .put("prompt_tokens", 40)
          .put("completion_tokens", 30)
          .put("total_tokens", 70);
      byte[] bytes = Json.bytes(completion);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    upstream.stop(0);
  }
}
