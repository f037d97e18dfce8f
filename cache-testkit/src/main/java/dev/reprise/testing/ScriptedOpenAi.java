package dev.reprise.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A server on loopback that answers OpenAI's chat completions from a function, streamed or not. It
 * lets you test an application without a key and without a network.
 */
public final class ScriptedOpenAi implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EVENT = "data: %s\n\n";

  private final Function<String, String> answers;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger calls = new AtomicInteger();
  private volatile boolean isCallingTools;

  private ScriptedOpenAi(Function<String, String> answers) {
    this.answers = answers;
    try {
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      threads.shutdown();
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /**
   * Starts a server on a free port.
   *
   * @param answers returns the text of the answer to a request's JSON body
   */
  public static ScriptedOpenAi answering(Function<String, String> answers) {
    return new ScriptedOpenAi(answers);
  }

  /**
   * Has the server call the first tool that a request offers, without arguments, and answer only
   * what follows the tool's result.
   */
  public ScriptedOpenAi callingTools() {
    isCallingTools = true;
    return this;
  }

  /** Returns the base URL: {@code http://127.0.0.1:PORT/v1}. */
  public String baseUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  /** Returns how many requests have come. */
  public int calls() {
    return calls.get();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      calls.incrementAndGet();
      JsonNode request = JSON.readTree(body);
      String model = request.path("model").asText("scripted");
      boolean streamed = request.path("stream").asBoolean();
      String reply =
          isToolCalled(request)
              ? toolCall(model, toolName(request), streamed)
              : streamed ? stream(model, answers.apply(body)) : whole(model, answers.apply(body));
      byte[] bytes = reply.getBytes(StandardCharsets.UTF_8);
      exchange
          .getResponseHeaders()
          .set("Content-Type", streamed ? "text/event-stream" : "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    }
  }

  private boolean isToolCalled(JsonNode request) {
    JsonNode messages = request.path("messages");
    String last = messages.path(messages.size() - 1).path("role").asText();
    return isCallingTools && !toolName(request).isEmpty() && !last.equals("tool");
  }

  private static String toolName(JsonNode request) {
    return request.path("tools").path(0).path("function").path("name").asText();
  }

  private static String toolCall(String model, String tool, boolean streamed) {
    ObjectNode json = envelope(model, streamed ? "chat.completion.chunk" : "chat.completion");
    ObjectNode choice = json.putArray("choices").addObject();
    choice.put("index", 0).put("finish_reason", "tool_calls").putNull("logprobs");
    ObjectNode message = choice.putObject(streamed ? "delta" : "message").put("role", "assistant");
    ObjectNode call = message.putNull("content").putArray("tool_calls").addObject();
    call.put("index", 0).put("id", "call-1").put("type", "function");
    call.putObject("function").put("name", tool).put("arguments", "{}");
    usage(json);
    return streamed ? String.format(EVENT, json) + "data: [DONE]\n\n" : json.toString();
  }

  private static ObjectNode envelope(String model, String object) {
    ObjectNode json = JSON.createObjectNode();
    json.put("id", "chatcmpl-1").put("object", object).put("created", 1_700_000_000);
    return json.put("model", model);
  }

  private static void usage(ObjectNode json) {
    json.putObject("usage")
        .put("prompt_tokens", 10)
        .put("completion_tokens", 8)
        .put("total_tokens", 18);
  }

  private static String whole(String model, String text) {
    ObjectNode json = envelope(model, "chat.completion");
    ObjectNode choice = json.putArray("choices").addObject();
    choice.put("index", 0).put("finish_reason", "stop").putNull("logprobs");
    choice.putObject("message").put("role", "assistant").put("content", text).putNull("refusal");
    usage(json);
    return json.toString();
  }

  /** One chunk a word, then the reason, then the usage. */
  private static String stream(String model, String text) {
    StringBuilder events = new StringBuilder();
    for (String word : text.split("(?<= )", -1)) {
      events.append(String.format(EVENT, chunk(model, word, false)));
    }
    events.append(String.format(EVENT, chunk(model, "", true)));
    ObjectNode last = envelope(model, "chat.completion.chunk");
    last.putArray("choices");
    usage(last);
    return events.append(String.format(EVENT, last)).append("data: [DONE]\n\n").toString();
  }

  private static ObjectNode chunk(String model, String text, boolean isLast) {
    ObjectNode json = envelope(model, "chat.completion.chunk");
    ObjectNode choice = json.putArray("choices").addObject();
    choice.put("index", 0);
    ObjectNode delta = choice.putObject("delta");
    if (isLast) {
      choice.put("finish_reason", "stop");
    } else {
      choice.putNull("finish_reason");
      delta.put("role", "assistant").put("content", text);
    }
    return json;
  }
}
