package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Equal requests onto an upstream that never answers: all end at one timeout, with one call. */
@Timeout(60)
class SilentUpstreamTest {
  private static final int CROWD = 20;
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final WireClient client = new WireClient();

  /** Each further call would take as long again. */
  private static final Duration MOST = TIMEOUT.multipliedBy(5);

  private static String body(boolean isStreamed) {
    return "{\"model\":\"m\",\"temperature\":0,\"stream\":"
        + isStreamed
        + ",\"messages\":[{\"role\":\"user\",\"content\":\"silent\"}]}";
  }

  @ParameterizedTest
  @CsvSource({"whole answers, 0", "streams, 1", "every other one a stream, 2"})
  void allEndAtOneTimeoutWithOneCall(String what, int streams) throws Exception {
    try (ScriptedModelServer upstream = new ScriptedModelServer();
        Gateway gateway =
            Gateway.builder(upstream.url(), CacheEngine.builder())
                .port(0)
                .upstreamPatience(TIMEOUT)
                .start()) {
      upstream.delays.put("silent", Duration.ofMinutes(1));
      long begin = System.nanoTime();
      List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
      for (int i = 0; i < CROWD; i++) {
        boolean isStreamed = streams == 1 || (streams == 2 && i % 2 == 1);
        asked.add(client.postLater(gateway, "/chat/completions", body(isStreamed)));
      }
      for (CompletableFuture<HttpResponse<String>> one : asked) {
        HttpResponse<String> answer = one.get(30, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).as(what + ": " + answer.body()).isEqualTo(504);
      }
      Duration taken = Duration.ofNanos(System.nanoTime() - begin);
      assertThat(taken).as(what).isBetween(TIMEOUT, MOST);
      assertThat(upstream.received()).as(what).hasSize(1);
      System.out.printf(
          "%d equal requests (%s) on a silent upstream: 504 after %d ms, 1 call%n",
          CROWD, what, taken.toMillis());
    }
  }
}
