package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.ScriptedProvider.Asked;
import dev.reprise.gateway.ScriptedProvider.Scripted;
import dev.reprise.gateway.http.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The requests that real clients send with their defaults, byte by byte, as {@code
 * client-tests/run.py --record} wrote them down: the first is a miss, the second a hit, and both
 * answers show what the provider's own reply shows.
 */
class RecordedClientsTest {
  /** Names the client and the call in each question. */
  private static final Pattern MARKER = Pattern.compile("<([a-z0-9 .-]+)>");

  private static final Map<String, JsonNode> RECORDED = recorded();

  private static ScriptedProvider provider;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws IOException {
    provider = new ScriptedProvider(RecordedClientsTest::answer);
    gateway = Gateway.builder(provider.url(), CacheEngine.builder()).port(0).start();
  }

  @AfterAll
  static void stop() {
    gateway.close();
    provider.close();
  }

  private static Map<String, JsonNode> recorded() {
    try {
      Map<String, JsonNode> recorded = new TreeMap<>();
      for (String line : SdkCommand.resource("client-requests.jsonl").split("\n", -1)) {
        if (!line.isEmpty()) {
          JsonNode one = Json.read(line);
          recorded.put(one.path("marker").textValue(), one);
        }
      }
      return recorded;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Scripted answer(Asked asked) {
    Matcher marker = MARKER.matcher(asked.body());
    assertThat(marker.find()).as(asked.body()).isTrue();
    JsonNode one = RECORDED.get(marker.group(1));
    return new Scripted(
        one.path("status").intValue(), one.path("type").textValue(), one.path("reply").textValue());
  }

  static Stream<String> clients() {
    return RECORDED.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("clients")
  void theSecondCallIsAHit(String client) throws Exception {
    JsonNode request = RECORDED.get(client);
    RawConnection.Answer first = send(request);
    RawConnection.Answer second = send(request);

    // llama-index sets 0.1 by itself, which the default policy does not cache.
    boolean isCached =
        Json.readObject(request.path("body").textValue())
                .orElseThrow()
                .path("temperature")
                .asDouble(0)
            == 0;
    assertThat(isCached).isEqualTo(!client.startsWith("llama-index"));
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.value("x-reprise-cache"))
        .as(first.toString())
        .isEqualTo(isCached ? "miss" : "bypass");
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.value("x-reprise-cache")).isEqualTo(isCached ? "hit-exact" : "bypass");
    for (RawConnection.Answer answer : List.of(first, second)) {
      assertThat(answer.value("content-type").split(";", -1)[0])
          .isEqualTo(request.path("type").textValue().split(";", -1)[0]);
      Map<String, String> shown = ShownAnswer.of(answer.value("content-type"), answer.body());
      Map<String, String> direct =
          ShownAnswer.of(request.path("type").textValue(), request.path("reply").textValue());
      if (client.endsWith("embeddings")) {
        // Embeddings from the cache cost no tokens: a request may have some of each.
        shown.keySet().removeIf(path -> path.startsWith("/usage/"));
        direct.keySet().removeIf(path -> path.startsWith("/usage/"));
      }
      assertThat(shown).isNotEmpty().isEqualTo(direct);
    }
  }

  private static RawConnection.Answer send(JsonNode request) throws IOException {
    byte[] body = request.path("body").textValue().getBytes(StandardCharsets.UTF_8);
    StringBuilder head =
        new StringBuilder("POST " + request.path("target").textValue() + " HTTP/1.1\r\n");
    for (JsonNode header : request.path("headers")) {
      switch (header.path(0).textValue().toLowerCase(Locale.ROOT)) {
        case "host" -> head.append("Host: 127.0.0.1\r\n");
        // The body is sent as one piece.
        case "content-length", "transfer-encoding" -> {}
        default ->
            head.append(header.path(0).textValue())
                .append(": ")
                .append(header.path(1).textValue())
                .append("\r\n");
      }
    }
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    try (RawConnection connection = new RawConnection(gateway)) {
      connection.write(head + request.path("body").textValue());
      return connection.read();
    }
  }
}
