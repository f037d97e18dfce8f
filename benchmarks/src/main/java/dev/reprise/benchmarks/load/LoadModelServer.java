package dev.reprise.benchmarks.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A model's server that answers each question with the question's own words, after a fixed delay
 * and in a process of its own. The model's name chooses what else it does: {@link #FAILS_500},
 * {@link #FAILS_429}, {@link #SLOW}, {@link #TRICKLES}. {@value #COUNTS} tells how many calls came.
 */
final class LoadModelServer extends Handler.Abstract.NonBlocking {
  /** Answers with status 500: {@value}. */
  static final String FAILS_500 = "fails-500";

  /** Answers with status 429: {@value}. */
  static final String FAILS_429 = "fails-429";

  /** Takes {@link #SLOW_MILLISECONDS}: {@value}. */
  static final String SLOW = "slow";

  /** Streams slowly, so that a client can hang up meanwhile: {@value}. */
  static final String TRICKLES = "trickles";

  /** How long {@link #SLOW} takes: {@value} ms. */
  static final int SLOW_MILLISECONDS = 1_500;

  /** Where the counts are read, a JSON object of a number by model: {@value}. */
  static final String COUNTS = "/counts";

  /** What embeddings are counted under: {@value}. */
  static final String EMBEDDINGS = "embeddings";

  /** What it says where it listens: {@value}. */
  static final String LISTENS = "The scripted upstream listens on ";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BODY_LIMIT = 1 << 20;
  private static final int PIECES = 6;
  private static final int TRICKLED_PIECES = 20;
  private static final int STREAM_PAUSE_MILLISECONDS = 2;
  private static final int TRICKLE_PAUSE_MILLISECONDS = 50;
  private static final String FILLER =
      "Open the page of your orders, choose the appliance, and follow the steps shown there. "
          .repeat(11);

  private final int delayMilliseconds;
  private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
  private final Map<String, AtomicLong> counts = new ConcurrentSkipListMap<>();
  private final AtomicLong calls = new AtomicLong();

  private LoadModelServer(int delayMilliseconds) {
    this.delayMilliseconds = delayMilliseconds;
  }

  /**
   * Serves until the process ends.
   *
   * @param arguments the delay in milliseconds
   */
  public static void main(String[] arguments) throws Exception {
    Server server = new Server(new QueuedThreadPool(16));
    ServerConnector connector = new ServerConnector(server, 1, 1);
    connector.setHost("127.0.0.1");
    connector.setAcceptQueueSize(1_024);
    server.addConnector(connector);
    server.setHandler(new LoadModelServer(Integer.parseInt(arguments[0])));
    server.start();
    System.out.println(LISTENS + "http://127.0.0.1:" + connector.getLocalPort());
    System.out.flush();
    server.join();
  }

  /** Returns the first words of an answer: who asked, which model, and what. */
  static String head(String key, String model, String question) {
    return "[" + key + "|" + model + "|" + question + "]";
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String path = request.getHttpURI().getPath();
    if (path.equals(COUNTS)) {
      send(response, callback, 200, JSON.valueToTree(counts));
      return true;
    }
    Content.Source.asByteArrayAsync(
        request,
        BODY_LIMIT,
        new Promise.Invocable<byte[]>() {
          @Override
          public void succeeded(byte[] body) {
            answer(request, path, body, response, callback);
          }

          @Override
          public void failed(Throwable failure) {
            callback.failed(failure);
          }

          @Override
          public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
          }
        });
    return true;
  }

  private void answer(
      Request request, String path, byte[] bytes, Response response, Callback callback) {
    JsonNode body;
    try {
      body = JSON.readTree(bytes);
    } catch (IOException e) {
      send(response, callback, 400, error("not JSON"));
      return;
    }
    String model = body.path("model").asText("");
    boolean isChat = path.endsWith("/chat/completions");
    counts.computeIfAbsent(isChat ? model : EMBEDDINGS, name -> new AtomicLong()).incrementAndGet();
    String key = String.valueOf(request.getHeaders().get("Authorization"));
    int delay = model.equals(SLOW) ? SLOW_MILLISECONDS : delayMilliseconds;
    Runnable reply;
    if (!isChat) {
      reply = () -> send(response, callback, 200, embeddings(body));
    } else if (model.equals(FAILS_500)) {
      reply = () -> send(response, callback, 500, error("the script says so"));
    } else if (model.equals(FAILS_429)) {
      reply = () -> send(response, callback, 429, error("the script says so"));
    } else if (body.path("stream").asBoolean()) {
      reply = () -> begin(response, callback, events(key, body), model);
    } else {
      reply = () -> send(response, callback, 200, completion(key, body));
    }
    if (delay == 0) {
      reply.run();
    } else {
      var unused = later.schedule(reply, delay, TimeUnit.MILLISECONDS);
    }
  }

  // --- answers ----------------------------------------------------------------------------------

  private static String text(String key, JsonNode body) {
    JsonNode messages = body.path("messages");
    String question = messages.path(messages.size() - 1).path("content").asText();
    return head(key.replace("Bearer ", ""), body.path("model").asText(), question) + " " + FILLER;
  }

  private ObjectNode completion(String key, JsonNode body) {
    ObjectNode completion = envelope("chat.completion", body);
    ObjectNode choice = completion.putArray("choices").addObject();
    choice.put("index", 0);
    choice.putObject("message").put("role", "assistant").put("content", text(key, body));
    choice.put("finish_reason", "stop");
    completion.set("usage", usage());
    return completion;
  }

  private ObjectNode envelope(String object, JsonNode body) {
    return JSON.createObjectNode()
        .put("id", "chatcmpl-" + calls.incrementAndGet())
        .put("object", object)
        .put("created", 1_700_000_000)
        .put("model", body.path("model").asText());
  }

  private static ObjectNode usage() {
    return JSON.createObjectNode()
        .put("prompt_tokens", 40)
        .put("completion_tokens", 240)
        .put("total_tokens", 280);
  }

  private List<String> events(String key, JsonNode body) {
    int pieces = body.path("model").asText().equals(TRICKLES) ? TRICKLED_PIECES : PIECES;
    String text = text(key, body);
    List<String> events = new ArrayList<>();
    ObjectNode chunk = envelope("chat.completion.chunk", body);
    for (int i = 0; i < pieces; i++) {
      int from = text.length() * i / pieces;
      int to = text.length() * (i + 1) / pieces;
      ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
      choice.putObject("delta").put("role", "assistant").put("content", text.substring(from, to));
      choice.putNull("finish_reason");
      events.add(event(chunk));
    }
    ObjectNode end = chunk.putArray("choices").addObject().put("index", 0);
    end.putObject("delta");
    end.put("finish_reason", "stop");
    events.add(event(chunk));
    if (body.path("stream_options").path("include_usage").asBoolean()) {
      chunk.putArray("choices");
      chunk.set("usage", usage());
      events.add(event(chunk));
    }
    events.add("data: [DONE]\n\n");
    return events;
  }

  private static String event(JsonNode chunk) {
    return "data: " + chunk + "\n\n";
  }

  private static ObjectNode embeddings(JsonNode body) {
    ObjectNode reply = JSON.createObjectNode().put("object", "list");
    ObjectNode item = reply.putArray("data").addObject();
    item.put("object", "embedding").put("index", 0);
    ArrayNode vector = item.putArray("embedding");
    for (double component : vector(body.path("input").asText())) {
      vector.add(component);
    }
    reply.put("model", body.path("model").asText());
    reply.putObject("usage").put("prompt_tokens", 8).put("total_tokens", 8);
    return reply;
  }

  /** Returns what it makes of a text: 32 numbers that no other text is likely to have. */
  static double[] vector(String text) {
    double[] vector = new double[32];
    int hash = text.hashCode();
    for (int i = 0; i < vector.length; i++) {
      hash = hash * 31 + i;
      vector[i] = (hash >> 8) / (double) (1 << 24);
    }
    return vector;
  }

  private static ObjectNode error(String message) {
    ObjectNode error = JSON.createObjectNode();
    error.putObject("error").put("message", message).put("type", "scripted").putNull("param");
    return error;
  }

  // --- writing ----------------------------------------------------------------------------------

  private static void send(Response response, Callback callback, int status, JsonNode body) {
    response.setStatus(status);
    response.getHeaders().put("Content-Type", "application/json");
    try {
      response.write(true, ByteBuffer.wrap(JSON.writeValueAsBytes(body)), callback);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void begin(Response response, Callback callback, List<String> events, String model) {
    response.getHeaders().put("Content-Type", "text/event-stream; charset=utf-8");
    int pause = model.equals(TRICKLES) ? TRICKLE_PAUSE_MILLISECONDS : STREAM_PAUSE_MILLISECONDS;
    write(response, callback, events, 0, pause);
  }

  private void write(
      Response response, Callback callback, List<String> events, int next, int pause) {
    boolean isLast = next == events.size() - 1;
    ByteBuffer piece = ByteBuffer.wrap(events.get(next).getBytes(StandardCharsets.UTF_8));
    Callback then =
        isLast
            ? callback
            : Callback.from(
                () -> {
                  var unused =
                      later.schedule(
                          () -> write(response, callback, events, next + 1, pause),
                          pause,
                          TimeUnit.MILLISECONDS);
                },
                callback::failed);
    response.write(isLast, piece, then);
  }
}
