package dev.reprise.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.reprise.gateway.http.EventWriter;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.Identity;
import dev.reprise.gateway.protocol.StreamRequest;
import dev.reprise.gateway.protocol.openai.OpenAiStreams;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A model's server that does what it is told. Chat and responses ({@link ScriptedResponses}): what
 * the last message says chooses the script; "error" a 429, "tools" a tool call, "forced" one that
 * ends as forced tools do, "json" an object, "extra" members of its own, "members" a 401 for the
 * key sk-one, "think" reasoning, "slow" a stream that waits for {@link #release} after its second
 * chunk, "old" a refusal of stream_options, "endless" one that repeats it until nobody reads, "cut"
 * one that breaks off, "short" one that ends too soon, "half" and "fault" ones that wait for {@link
 * #release} in their middle and then end too soon or with an error, "probabilities" and "several"
 * what they say; anything else gives an answer with the number of the call. A model whose name has
 * "no-temperature" refuses one.
 */
public final class ScriptedModelServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  final CountDownLatch brokenOff = new CountDownLatch(1);
  final Map<String, Duration> delays = new ConcurrentHashMap<>();

  /** A request that came. */
  public record Received(
      String method, String target, Map<String, List<String>> headers, String body) {
    JsonNode json() {
      try {
        return Json.read(body);
      } catch (IOException e) {
        return withoutNumbers();
      }
    }

    private JsonNode withoutNumbers() {
      try {
        return Json.readWithoutNumbers(body.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  public ScriptedModelServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  public List<Received> received() {
    return received;
  }

  void release() {
    released.countDown();
  }

  private void handle(HttpExchange exchange) {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Received request =
          new Received(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              Map.copyOf(exchange.getRequestHeaders()),
              body);
      received.add(request);
      int number = received.size();
      exchange.getResponseHeaders().add("x-request-id", "up-" + number);
      String path = exchange.getRequestURI().getPath();
      if (path.endsWith("/chat/completions") || path.endsWith("/responses")) {
        answer(exchange, request, number);
      } else if (path.endsWith("/embeddings")) {
        embeddings(exchange, request.json());
      } else {
        exchange.getResponseHeaders().add("x-echo", request.method());
        send(exchange, 201, "application/x-echo", request.target() + "|" + body);
      }
    } catch (IOException e) {
      brokenOff.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private void answer(HttpExchange exchange, Received request, int number)
      throws IOException, InterruptedException {
    ObjectNode body = (ObjectNode) request.json();
    String script =
        (body.has("input") ? ScriptedResponses.asked(body) : asked(body)).split(" ", 2)[0];
    Thread.sleep(delays.getOrDefault(script, Duration.ZERO).toMillis());
    if (script.equals("members")
        && List.of("Bearer sk-one").equals(request.headers().get("Authorization"))) {
      send(exchange, 401, "application/json", "{\"error\":{\"message\":\"revoked\"}}");
      return;
    }
    if (script.equals("error")) {
      exchange.getResponseHeaders().add("retry-after-ms", "7");
      send(
          exchange,
          429,
          "application/json",
          "{\"error\":{\"message\":\"slow down "
              + number
              + "\",\"type\":\"requests\",\"param\":null,\"code\":\"rate_limit_exceeded\"}}");
      return;
    }
    if (script.equals("old") && body.has("stream_options")) {
      send(
          exchange,
          400,
          "application/json",
          "{\"error\":{\"message\":\"Unknown parameter:"
              + " stream_options\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}");
      return;
    }
    if (body.path("model").asText().contains("no-temperature") && body.has("temperature")) {
      send(
          exchange,
          400,
          "application/json",
          "{\"error\":{\"message\":\"Unsupported parameter: 'temperature' is not supported with"
              + " this"
              + " model.\",\"type\":\"invalid_request_error\",\"param\":\"temperature\",\"code\":\"unsupported_parameter\"}}");
      return;
    }
    if (script.equals("odd")) {
      send(exchange, 200, "application/json", "{\"odd\":" + number + "}");
      return;
    }
    ObjectNode whole =
        body.has("input")
            ? ScriptedResponses.whole(body, script, number)
            : (ObjectNode) Json.read(whole(script, number));
    if (!body.path("stream").asBoolean()) {
      send(exchange, 200, "application/json", Json.text(whole));
    } else if (body.has("input")) {
      stream(exchange, script, OpenAiStreams.events(whole));
    } else {
      Identity identity = new Identity("chatcmpl-up" + number, 1_700_000_000);
      stream(exchange, script, OpenAiStreams.events(whole, identity, StreamRequest.usage(body)));
    }
  }

  private static String asked(JsonNode body) {
    JsonNode last = body.path("messages").path(body.path("messages").size() - 1).path("content");
    return last.isTextual() ? last.textValue() : last.path(0).path("text").asText("");
  }

  private static String whole(String script, int number) {
    String message =
        switch (script) {
          case "tools" ->
              "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":"
                  + " \\\"Paris, France\\\"}\"}}]}";
          case "forced" ->
              "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{}\"}}]}";
          case "forced-text" ->
              "{\"role\":\"assistant\",\"content\":\"I"
                  + " look.\",\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"{}\"}}]}";
          case "forced-function" ->
              "{\"role\":\"assistant\",\"content\":null,\"function_call\":{\"name\":\"weather\",\"arguments\":\"{}\"}}";
          case "json" ->
              "{\"role\":\"assistant\",\"content\":\"{\\\"city\\\":\\\"Paris\\\",\\\"people\\\":2}\",\"refusal\":null}";
          case "think" ->
              "{\"role\":\"assistant\",\"content\":\"Four.\",\"reasoning_content\":\"Two and two"
                  + " are four\"}";
          case "refuse" -> "{\"role\":\"assistant\",\"content\":null,\"refusal\":\"I will not\"}";
          default ->
              "{\"role\":\"assistant\",\"content\":\"Answer number "
                  + number
                  + ".\",\"refusal\":null}";
        };
    String finish = script.equals("tools") ? "tool_calls" : "stop";
    String more =
        script.equals("extra")
            ? ",\"stop_reason\":\"###\",\"matched_stop\":null,\"content_filter_results\":{\"hate\":{\"filtered\":false,\"severity\":\"safe\"}}"
            : "";
    String logprobs =
        script.equals("probabilities")
            ? "{\"content\":[{\"token\":\"Answer number "
                + number
                + "\",\"logprob\":-0.10,\"bytes\":null,\"top_logprobs\":[]},{\"token\":\".\",\"logprob\":-0.2,\"bytes\":null,\"top_logprobs\":[]}],\"refusal\":null}"
            : "null";
    String choice = choice(0, message, logprobs, finish, more);
    String choices =
        script.equals("several")
            ? choice + "," + choice(1, message, logprobs, finish, more)
            : choice;
    return "{\"id\":\"chatcmpl-up"
        + number
        + "\",\"object\":\"chat.completion\",\"created\":1700000000,\"model\":\"scripted-1\",\"choices\":["
        + choices
        + "],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4,\"total_tokens\":13,\"prompt_tokens_details\":{\"cached_tokens\":0}},\"system_fingerprint\":\"fp_1\"}";
  }

  private static String choice(
      int index, String message, String logprobs, String finish, String more) {
    return "{\"index\":"
        + index
        + ",\"message\":"
        + message
        + ",\"logprobs\":"
        + logprobs
        + ",\"finish_reason\":\""
        + finish
        + "\""
        + more
        + "}";
  }

  private void stream(HttpExchange exchange, String script, String events)
      throws IOException, InterruptedException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    // One that promises more than it gives can only be broken off.
    exchange.sendResponseHeaders(200, script.equals("cut") ? 1_000_000 : 0);
    OutputStream out = exchange.getResponseBody();
    int sent = 0;
    for (String event : events.split("(?<=\n\n)", -1)) {
      out.write(event.getBytes(StandardCharsets.UTF_8));
      out.flush();
      sent++;
      if (sent == 2 && script.equals("slow")) {
        while (!released.await(20, TimeUnit.MILLISECONDS)) {
          // A comment, which tells whether anybody still reads.
          out.write(": waiting\n\n".getBytes(StandardCharsets.UTF_8));
          out.flush();
        }
      }
      if (sent == 2 && script.equals("endless")) {
        for (int i = 0; i < 4000; i++) {
          out.write(event.getBytes(StandardCharsets.UTF_8));
          out.flush();
          Thread.sleep(5);
        }
      }
      if (sent == 2 && script.equals("flood")) {
        while (!released.await(20, TimeUnit.MILLISECONDS)) {
          out.write(": waiting\n\n".getBytes(StandardCharsets.UTF_8));
          out.flush();
        }
        for (int written = 0;
            written < EventWriter.MOST_WAITING * 3 / 4;
            written += event.length()) {
          out.write(event.getBytes(StandardCharsets.UTF_8));
        }
      }
      if (sent == 3 && (script.equals("half") || script.equals("fault"))) {
        released.await();
        if (script.equals("fault")) {
          out.write(
              "event: error\ndata: {\"type\":\"error\",\"error\":{\"message\":\"out of order\"}}\n\n"
                  .getBytes(StandardCharsets.UTF_8));
        }
        return;
      }
      if (sent == 3 && script.equals("cut")) {
        throw new IOException("cut off, as the script says");
      }
      if (sent == 3 && script.equals("short")) {
        return;
      }
    }
  }

  private static void embeddings(HttpExchange exchange, JsonNode body) throws IOException {
    JsonNode input = body.path("input");
    StringBuilder data = new StringBuilder();
    int count = input.isArray() ? input.size() : 1;
    for (int i = 0; i < count; i++) {
      String text = input.isArray() ? input.get(i).asText() : input.asText();
      data.append(i == 0 ? "" : ",")
          .append(
              "{\"object\":\"embedding\",\"index\":"
                  + i
                  + ",\"embedding\":["
                  + text.length()
                  + ",0.5]}");
    }
    send(
        exchange,
        200,
        "application/json",
        "{\"object\":\"list\",\"data\":["
            + data
            + "],\"model\":\"embed-1\",\"usage\":{\"prompt_tokens\":"
            + count
            + ",\"total_tokens\":"
            + count
            + "}}");
  }

  @Override
  public void close() {
    release();
    server.stop(0);
    threads.shutdownNow();
  }
}
