package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.reprise.engine.CacheEngine;
import dev.reprise.testing.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is sent to fill a gateway's memory or to keep it busy. It runs with 512 MB of heap and ends
 * itself when they are used up; after each attack it must still answer.
 */
class GatewayUnderAttackTest {
  private static final int MEGABYTE = 1 << 20;
  private static final int STREAMED_MEGABYTES = 100;
  private static final int LONG_WORDS = 80_000;

  private static HttpServer upstream;
  private static ExecutorService threads;
  private static SmallHeapGateway gateway;
  private static final AtomicInteger CALLS = new AtomicInteger();
  private static final AtomicInteger ATTACKS = new AtomicInteger();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
    threads = Executors.newCachedThreadPool();
    upstream.setExecutor(threads);
    upstream.createContext("/", GatewayUnderAttackTest::answer);
    upstream.start();
    gateway =
        new SmallHeapGateway(
            "512m",
            URI.create("http://127.0.0.1:" + upstream.getAddress().getPort()),
            folder.resolve("log"));
  }

  @AfterAll
  static void stop() {
    System.out.printf(
        "%d attacks on a gateway of 512 MB, %d calls of its upstream: it answered after each%n",
        ATTACKS.get(), CALLS.get());
    gateway.close();
    upstream.stop(0);
    threads.shutdownNow();
  }

  /**
   * Reads a body without keeping it, and answers; a stream of 100 MB where one is asked for, and
   * 900,000 characters where a long answer is.
   */
  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      CALLS.incrementAndGet();
      byte[] begin = exchange.getRequestBody().readNBytes(100);
      String asked = new String(begin, StandardCharsets.UTF_8);
      while (exchange.getRequestBody().read(new byte[1 << 16]) >= 0) {
        // The rest is of no interest.
      }
      if (asked.contains("\"stream\":true")) {
        flood(exchange);
      } else {
        byte[] answer =
            ("{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\""
                    + (asked.contains("at length") ? "word ".repeat(LONG_WORDS) : "Yes.")
                    + "\"},\"finish_reason\":\"stop\"}]}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
      }
    }
  }

  private static void flood(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    String text = "w".repeat(MEGABYTE / 4);
    byte[] event =
        ("data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                + text
                + "\"}}]}\n\n")
            .getBytes(StandardCharsets.UTF_8);
    OutputStream out = exchange.getResponseBody();
    for (int i = 0; i < 4 * STREAMED_MEGABYTES; i++) {
      out.write(event);
    }
    out.write(
        "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"
            .getBytes(StandardCharsets.UTF_8));
  }

  @AfterEach
  void itStillAnswers() throws Exception {
    assertThat(gateway.isAlive()).isTrue();
    HttpResponse<String> answer = post(question("Are you well?"));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    ATTACKS.incrementAndGet();
  }

  private static String question(String text) {
    return "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\""
        + text
        + "\"}]}";
  }

  private static HttpRequest.Builder request(String body) {
    return HttpRequest.newBuilder(URI.create(gateway.url() + "/chat/completions"))
        .timeout(Duration.ofMinutes(3))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }

  private HttpResponse<String> post(String body) throws Exception {
    return client.send(request(body).build(), BodyHandlers.ofString());
  }

  @Test
  void eightLargeBodiesAtOnceGetAnErrorOrTheirAnswer() throws Exception {
    String body = question("word ".repeat(31 * MEGABYTE / 5));
    List<CompletableFuture<HttpResponse<String>>> pending = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      pending.add(client.sendAsync(request(body).build(), BodyHandlers.ofString()));
    }
    List<Integer> statuses = new ArrayList<>();
    for (CompletableFuture<HttpResponse<String>> one : pending) {
      // A client that still writes when it is refused may not see the refusal.
      statuses.add(one.handle((answer, broken) -> broken == null ? answer.statusCode() : 0).get());
    }
    assertThat(statuses).allMatch(status -> status == 200 || status == 503 || status == 0);
    assertThat(statuses).contains(200);
  }

  @Test
  void aBodyBeyondTheBoundIsToldWhenToComeAgain() throws Exception {
    try (ScriptedModelServer slow = new ScriptedModelServer();
        Gateway small =
            Gateway.builder(slow.url(), CacheEngine.builder())
                .port(0)
                .maximumBodyMemoryBytes(MEGABYTE)
                .start()) {
      slow.delays.put("late", Duration.ofMinutes(1));
      WireClient wire = new WireClient();
      var held =
          wire.postLater(small, "/chat/completions", question("late " + "x".repeat(200_000)));
      WireClient.await(() -> slow.received().size() == 1);
      HttpResponse<String> refused =
          wire.post(small, "/chat/completions", question("x".repeat(100_000)));

      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
      assertThat(refused.body()).contains("gateway_busy", "--max-body-memory-bytes");
      assertThat(wire.post(small, "/chat/completions", question("short")).statusCode())
          .isEqualTo(200);
      HttpResponse<String> never =
          wire.post(small, "/chat/completions", question("x".repeat(300_000)));
      assertThat(never.statusCode()).isEqualTo(413);
      held.cancel(true);
    }
  }

  @Test
  void aStreamOfAHundredMegabytesPassesAndIsNotStored() throws Exception {
    String body = question("Flood me.");
    String streamed = "{\"stream\":true," + body.substring(1);
    for (int i = 0; i < 2; i++) {
      int before = CALLS.get();
      HttpResponse<InputStream> answer =
          client.send(request(streamed).build(), BodyHandlers.ofInputStream());
      long bytes = 0;
      try (InputStream in = answer.body()) {
        byte[] buffer = new byte[1 << 16];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          bytes += read;
        }
      }
      assertThat(bytes).isGreaterThan((long) STREAMED_MEGABYTES * MEGABYTE);
      assertThat(answer.headers().firstValue("x-reprise-cache")).hasValue("miss");
      assertThat(CALLS.get()).isEqualTo(before + 1);
    }
  }

  /** Without a bound the answers that wait for these clients are more than the heap. */
  @ParameterizedTest
  @ValueSource(strings = {"a hit", "streams"})
  void clientsThatReadNothingHoldNoMoreThanTheBound(String kind) throws Exception {
    boolean isHit = kind.equals("a hit");
    String asked = question("Tell me at length.");
    if (isHit) {
      assertThat(post(asked).statusCode()).isEqualTo(200);
      assertThat(post(asked).headers().firstValue("x-reprise-cache")).hasValue("hit-exact");
    }
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < (isHit ? 1_200 : 120); i++) {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.url().getPort()));
        silent.add(socket);
        String body = isHit ? asked : "{\"stream\":true," + question("Flood " + i).substring(1);
        String request =
            "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + "Content-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      }
      HttpResponse<String> other = post(question("Is there room for me?"));
      assertThat(other.statusCode()).as(other.body()).isEqualTo(200);
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
    Eventually.that("the memory is given back", () -> post(asked).statusCode() == 200);
  }

  @Test
  void thirtyMegabytesOfTextAreNotSplitIntoTokens() throws Exception {
    Duration before = gateway.processorTime();
    HttpResponse<String> answer = post(question("word ".repeat(30 * MEGABYTE / 5)));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(gateway.processorTime().minus(before)).isLessThan(Duration.ofSeconds(15));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"role\":\"user\",\"content\":\"\"},", "[],", "{},", "1,", "\"\","})
  void millionsOfValuesAreRefusedBeforeTheyAreRead(String one) throws Exception {
    String many = one.repeat(30 * MEGABYTE / one.length());
    Duration before = gateway.processorTime();
    HttpResponse<String> answer =
        post(
            "{\"model\":\"m\",\"temperature\":0,\"messages\":["
                + many.substring(0, many.length() - 1)
                + "]}");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("body_too_complex");
    assertThat(gateway.processorTime().minus(before)).isLessThan(Duration.ofSeconds(8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Reprise-Tags", "X-Reprise-Documents"})
  void fiveThousandTagsAreRefused(String header) throws Exception {
    String value = header.endsWith("Tags") ? "t" : "d=1";
    for (int count : new int[] {65, 5_000}) {
      HttpResponse<String> answer =
          client.send(
              request(question("Tagged?")).header(header, (value + ",").repeat(count)).build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains(header, "names " + count, "at most 64");
    }
    assertThat(
            client
                .send(
                    request(question("Tagged?")).header(header, (value + ",").repeat(64)).build(),
                    BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void hundredsOfHeadersAreRefused() throws Exception {
    HttpRequest.Builder request = request(question("Why?"));
    for (int i = 0; i <= Routes.MOST_HEADERS; i++) {
      request.header("X-H-" + i, "v");
    }
    HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(431);
  }
}
