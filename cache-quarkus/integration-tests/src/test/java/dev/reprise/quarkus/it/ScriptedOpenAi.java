package dev.reprise.quarkus.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An OpenAI on the loopback: it numbers its answers, so that an answer from the cache shows. */
final class ScriptedOpenAi implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  ScriptedOpenAi() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException("cannot listen on the loopback", e);
    }
    server.setExecutor(threads);
    server.createContext("/v1/chat/completions", this::answer);
    server.start();
  }

  String baseUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  /** Returns the requests so far. */
  List<JsonNode> requests() {
    return List.copyOf(requests);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode request = JSON.readTree(exchange.getRequestBody());
      requests.add(request);
      ObjectNode message = message(request, requests.size());
      boolean isStreamed = request.path("stream").asBoolean();
      String body = isStreamed ? streamed(message) : whole(message);
      exchange
          .getResponseHeaders()
          .add("Content-Type", isStreamed ? "text/event-stream" : "application/json");
      exchange.sendResponseHeaders(200, 0);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static ObjectNode message(JsonNode request, int number) {
    JsonNode messages = request.path("messages");
    JsonNode last = messages.path(messages.size() - 1);
    String text = last.path("content").asText();
    ObjectNode message = JSON.createObjectNode().put("role", "assistant");
    if (request.has("tools") && last.path("role").asText().equals("user")) {
      ObjectNode call = message.putArray("tool_calls").addObject();
      call.put("id", "call-" + number).put("type", "function");
      call.putObject("function")
          .put("name", request.path("tools").path(0).path("function").path("name").asText())
          .put("arguments", "{}");
      return message;
    }
    return text.startsWith("Extract the person")
        ? message.put("content", "{\"name\": \"Ada\", \"age\": " + (30 + number) + "}")
        : message.put("content", "Answer " + number + " of the model to: " + text);
  }

  private static String whole(ObjectNode message) {
    ObjectNode response = JSON.createObjectNode();
    response.put("id", "1").put("object", "chat.completion").put("model", "gpt-4o-mini");
    ObjectNode choice = response.putArray("choices").addObject().put("index", 0);
    choice.set("message", message);
    choice.put("finish_reason", message.has("tool_calls") ? "tool_calls" : "stop");
    response
        .putObject("usage")
        .put("prompt_tokens", 10)
        .put("completion_tokens", 5)
        .put("total_tokens", 15);
    return response.toString();
  }

  private static String streamed(ObjectNode message) {
    StringBuilder events = new StringBuilder();
    for (String word : message.path("content").asText().split("(?= )", -1)) {
      events.append("data: ").append(chunk(word, null)).append("\n\n");
    }
    return events
        .append("data: ")
        .append(chunk("", "stop"))
        .append("\n\ndata: [DONE]\n\n")
        .toString();
  }

  private static ObjectNode chunk(String text, String finishReason) {
    ObjectNode chunk = JSON.createObjectNode();
    chunk.put("id", "1").put("object", "chat.completion.chunk").put("model", "gpt-4o-mini");
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.putObject("delta").put("content", text);
    choice.put("finish_reason", finishReason);
    return chunk;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
