package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.engine.CacheEngine;
import dev.reprise.redis.RedisExactTier;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Bad input, limits, health, and the paths that are not cached. */
class GatewayLimitsTest extends GatewayFixture {
  private static final String TOKEN = "the token of the test";

  @Test
  void brokenJsonIsA400AndAnotherTypeA415() throws Exception {
    assertThat(chat("{\"model\":").statusCode()).isEqualTo(400);
    assertThat(chat("[]").statusCode()).isEqualTo(400);
    assertThat(chat("").statusCode()).isEqualTo(400);
    HttpResponse<String> typed =
        send(
            HttpRequest.newBuilder(URI.create(gateway.url() + "/chat/completions"))
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(question("Why?")))
                .build());
    assertThat(typed.statusCode()).isEqualTo(415);
    assertThat(code(typed)).isEqualTo("unsupported_media_type");
    assertThat(upstream.received()).isEmpty();
  }

  @Test
  void aBodyThatIsTooLargeIsA413WithAndWithoutItsLength() throws Exception {
    byte[] large = question("a".repeat(200_000)).getBytes(StandardCharsets.UTF_8);
    String head =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    String withLength = raw(head + "Content-Length: 200000\r\n\r\n");
    assertThat(withLength).startsWith("HTTP/1.1 413").contains("request_too_large");
    String chunk = Integer.toHexString(large.length) + "\r\n";
    String chunked =
        raw(
            head
                + "Transfer-Encoding: chunked\r\n\r\n"
                + chunk
                + new String(large, StandardCharsets.UTF_8)
                + "\r\n0\r\n\r\n");
    assertThat(chunked).startsWith("HTTP/1.1 413").contains("request_too_large");
  }

  @Test
  void aBodyThatDoesNotComeIsA408() throws Exception {
    assertThat(
            raw(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 100\r\n\r\n{"))
        .startsWith("HTTP/1.1 408")
        .contains("request_timeout");
  }

  @Test
  void headersThatAreTooLargeAreA431AndNonsenseIsA400() throws Exception {
    assertThat(
            raw(
                "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX-Bomb: "
                    + "b".repeat(60_000)
                    + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431")
        .contains("\"error\":{");
    assertThat(raw("NONSENSE\r\n\r\n")).startsWith("HTTP/1.1 400").contains("\"error\":{");
  }

  @Test
  void aDeadTierChangesNoStatus() throws Exception {
    try (Gateway lame =
        Gateway.builder(
                upstream.url(),
                CacheEngine.builder()
                    .exactTier(RedisExactTier.builder("redis://127.0.0.1:1").build()))
            .port(0)
            .start()) {
      for (String body : List.of(question("Why?"), question("Why?"), streamed("Why?", ""))) {
        HttpResponse<String> answer = send(post(lame, "/chat/completions", body));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(cache(answer)).isEqualTo("miss");
      }
      assertThat(
              send(post(lame, "/embeddings", "{\"model\":\"e\",\"input\":[\"a\",\"b\"]}"))
                  .statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void moreThanLoopbackNeedsAnAdminToken() {
    GatewayBuilder open = Gateway.builder(upstream.url(), CacheEngine.builder()).host("0.0.0.0");

    assertThatThrownBy(open::start)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("admin token");
  }

  @Test
  void itTellsWhetherItIsWell() throws Exception {
    for (String path : List.of("/livez", "/readyz")) {
      assertThat(send(HttpRequest.newBuilder(gateway.url().resolve(path)).build()).statusCode())
          .isEqualTo(200);
    }
    assertThat(send(HttpRequest.newBuilder(gateway.url().resolve("/")).build()).statusCode())
        .isEqualTo(404);
  }

  /** An orchestrator would kill a gateway whose upstream is slow. */
  @Test
  void callsThatWaitForTheUpstreamLeaveThreadsForProbesAndAdministrators() throws Exception {
    try (ScriptedModelServer slow = new ScriptedModelServer();
        Gateway narrow =
            Gateway.builder(slow.url(), CacheEngine.builder())
                .port(0)
                .threads(16)
                .adminToken(TOKEN)
                .shutdownWait(Duration.ofMillis(100))
                .start()) {
      slow.delays.put("late", Duration.ofMinutes(1));
      List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        waiting.add(
            client.sendAsync(
                post(narrow, "/chat/completions", question("late " + i)), BodyHandlers.ofString()));
      }
      WireClient.await(() -> slow.received().size() >= 16);

      URI base = narrow.url().resolve("/");
      for (String path : List.of("livez", "readyz", "metrics", "admin/stats")) {
        HttpRequest request =
            HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + TOKEN)
                .build();
        assertThat(send(request).statusCode()).as(path).isEqualTo(200);
      }
      assertThat(slow.received()).hasSize(16);
      waiting.forEach(each -> each.cancel(true));
    }
  }

  @Test
  void moreCallsThanThreadsAreAllAnswered() throws Exception {
    try (ScriptedModelServer model = new ScriptedModelServer();
        Gateway narrow =
            Gateway.builder(model.url(), CacheEngine.builder()).port(0).threads(16).start()) {
      model.delays.put("late", Duration.ofMillis(50));
      List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        waiting.add(
            client.sendAsync(
                post(narrow, "/chat/completions", question("late " + i)), BodyHandlers.ofString()));
      }
      for (CompletableFuture<HttpResponse<String>> each : waiting) {
        assertThat(each.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void closingWaitsForWhatIsUnderWay() throws Exception {
    upstream.delays.put("late", Duration.ofMillis(2500));
    CompletableFuture<HttpResponse<String>> late =
        client.sendAsync(
            post(gateway, "/chat/completions", question("late")), BodyHandlers.ofString());
    WireClient.await(() -> !upstream.received().isEmpty());
    gateway.close();

    assertThat(late.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(gateway.stats().stored()).isEqualTo(1);
  }

  @Test
  void everyOtherPathAndMethodPassesUntouched() throws Exception {
    HttpResponse<String> put =
        send(
            HttpRequest.newBuilder(URI.create(gateway.url() + "/files/a%20b?x=1&y=%2F"))
                .header("X-Own", "mine")
                .method("PATCH", BodyPublishers.ofString("any bytes"))
                .build());

    assertThat(put.statusCode()).isEqualTo(201);
    assertThat(put.headers().firstValue("content-type")).hasValue("application/x-echo");
    assertThat(put.headers().firstValue("x-echo")).hasValue("PATCH");
    assertThat(put.body()).isEqualTo("/v1/files/a%20b?x=1&y=%2F|any bytes");
    assertThat(upstream.received().get(0).headers().get("X-own")).containsExactly("mine");
    assertThat(send(HttpRequest.newBuilder(URI.create(gateway.url() + "/models")).build()).body())
        .isEqualTo("/v1/models|");
    send(HttpRequest.newBuilder(URI.create(gateway.url() + "/chat/completions")).DELETE().build());
    assertThat(upstream.received().get(2).method()).isEqualTo("DELETE");
  }
}
