package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.http.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The replies under way take no more memory than they may together. Here that is 1 MiB: 256 KiB of
 * them, since each counts four times its size.
 */
class GatewayReplyMemoryTest {
  private static final int MEGABYTE = 1 << 20;
  private static final String CHAT = "/chat/completions";

  private final WireClient wire = new WireClient();
  private final CountDownLatch isReleased = new CountDownLatch(1);
  private final CountDownLatch isHeld = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer upstream;
  private Gateway gateway;

  @BeforeEach
  void start() throws IOException {
    upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    upstream.setExecutor(threads);
    upstream.createContext("/", this::answer);
    upstream.start();
    URI url = URI.create("http://127.0.0.1:" + upstream.getAddress().getPort());
    gateway =
        Gateway.builder(url, CacheEngine.builder())
            .port(0)
            .maximumReplyMemoryBytes(MEGABYTE)
            .start();
  }

  @AfterEach
  void stop() {
    isReleased.countDown();
    gateway.close();
    upstream.stop(0);
    threads.shutdownNow();
  }

  /** Answers "held 1000" with 1,000 characters, of which the last ones are held back. */
  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode body = Json.read(exchange.getRequestBody().readAllBytes());
      String[] asked = body.path("messages").path(0).path("content").asText().split(" ", -1);
      String text = "x".repeat(Integer.parseInt(asked[1]));
      if (body.path("stream").asBoolean()) {
        stream(exchange, text);
        return;
      }
      byte[] answer =
          ("{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{"
                  + "\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
                  + text
                  + "\"},\"finish_reason\":\"stop\"}]}")
              .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, answer.length);
      OutputStream out = exchange.getResponseBody();
      out.write(answer, 0, answer.length - 10);
      out.flush();
      if (asked[0].equals("held")) {
        isHeld.countDown();
        awaitRelease();
      }
      out.write(answer, answer.length - 10, 10);
    }
  }

  private void awaitRelease() {
    try {
      assertThat(isReleased.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void stream(HttpExchange exchange, String text) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    for (int from = 0; from < text.length(); from += 10_000) {
      String piece = text.substring(from, Math.min(text.length(), from + 10_000));
      out.write(event("{\"content\":\"" + piece + "\"}", "null"));
    }
    out.write(event("{}", "\"stop\""));
    out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] event(String delta, String end) {
    String data =
        "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{"
            + "\"index\":0,\"delta\":"
            + delta
            + ",\"finish_reason\":"
            + end
            + "}]}";
    return ("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
  }

  private static String question(String text) {
    return "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\""
        + text
        + "\"}]}";
  }

  private HttpResponse<String> ask(String text) throws Exception {
    return wire.post(gateway, CHAT, question(text));
  }

  private HttpResponse<String> stream(String text) throws Exception {
    return wire.post(gateway, CHAT, "{\"stream\":true," + question(text).substring(1));
  }

  private static void assertBusy(HttpResponse<String> refused) {
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
    assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
    assertThat(refused.body()).contains("gateway_busy", "--max-reply-memory-bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a reply of the upstream", "a hit", "a hit that is streamed"})
  void aReplyBeyondTheBoundIsToldToComeAgain(String kind) throws Exception {
    boolean isHit = !kind.equals("a reply of the upstream");
    boolean isStreamed = kind.endsWith("streamed");
    if (isHit) {
      assertThat(ask("size 80000").statusCode()).isEqualTo(200);
    }
    AtomicInteger number = new AtomicInteger();
    Callable<HttpResponse<String>> large =
        () -> {
          String question = "size 80000" + (isHit ? "" : " " + number.incrementAndGet());
          return isStreamed ? stream(question) : ask(question);
        };
    AtomicReference<CompletableFuture<HttpResponse<String>>> held =
        new AtomicReference<>(wire.postLater(gateway, CHAT, question("held 200000")));
    assertThat(isHeld.await(30, TimeUnit.SECONDS)).isTrue();
    WireClient.await(
        () -> {
          if (held.get().isDone()) {
            // What was answered before may not have been given back yet.
            held.set(wire.postLater(gateway, CHAT, question("held 200000")));
          }
          return large.call().statusCode() == 503;
        });
    assertBusy(large.call());
    assertThat(ask("size 100").statusCode()).isEqualTo(200);

    isReleased.countDown();
    assertThat(held.get().get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    WireClient.await(() -> large.call().statusCode() == 200);
  }

  @Test
  void aReplyThatNeverFitsIsNotAskedForAgain() throws Exception {
    HttpResponse<String> refused = ask("size 300000");
    assertThat(refused.statusCode()).isEqualTo(502);
    assertThat(refused.headers().firstValue("retry-after")).isEmpty();
    assertThat(refused.body()).contains("upstream_reply_too_large", "--max-reply-memory-bytes");
    assertThat(ask("size 100000").statusCode()).isEqualTo(200);
  }

  @Test
  void aStreamBeyondTheBoundPassesAndIsNotStored() throws Exception {
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> passed = stream("size 400000");
      assertThat(passed.statusCode()).isEqualTo(200);
      assertThat(WireClient.cache(passed)).isEqualTo("miss");
      assertThat(text(passed)).hasSize(400_000);
    }
    assertThat(WireClient.cache(stream("size 50000"))).isEqualTo("miss");
    HttpResponse<String> hit = stream("size 50000");
    assertThat(WireClient.cache(hit)).isEqualTo("hit-exact");
    assertThat(text(hit)).hasSize(50_000);
  }

  private static String text(HttpResponse<String> streamed) throws IOException {
    StringBuilder text = new StringBuilder();
    for (JsonNode event : WireClient.events(streamed)) {
      text.append(event.path("choices").path(0).path("delta").path("content").asText(""));
    }
    return text.toString();
  }
}
