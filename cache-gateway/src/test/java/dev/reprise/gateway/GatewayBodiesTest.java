package dev.reprise.gateway;

import static dev.reprise.gateway.WireClient.cache;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.protocol.EventReader;
import dev.reprise.gateway.protocol.Protocol;
import dev.reprise.gateway.protocol.openai.OpenAiStreams;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that no client of good will sends, and what names an answer. */
class GatewayBodiesTest {
  private static final String PATH = "/chat/completions";

  private final WireClient client = new WireClient();
  private final HttpClient http = HttpClient.newHttpClient();
  private ScriptedModelServer upstream;
  private Gateway gateway;

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedModelServer();
    gateway = Gateway.builder(upstream.url(), CacheEngine.builder()).port(0).start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private static String question(String members) {
    return "{"
        + members
        + "\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"Why?\"}]}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e99999999999999",
        "-1E+2147483648",
        "1e-99999999999",
        "0.1e2147483647999",
        "{\"deep\":[1,{\"x\":9e123456789012}]}"
      })
  void aNumberThatNobodyCanHoldBypassesAndReachesTheUpstreamAsItIs(String number) throws Exception {
    for (String streamed : new String[] {"", "\"stream\":true,"}) {
      String body = question("\"x\":" + number + "," + streamed);
      HttpResponse<String> answer = client.post(gateway, PATH, body);

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(cache(answer)).isEqualTo("bypass");
      assertThat(WireClient.reason(answer)).contains("number").contains("too large");
      assertThat(upstream.received().get(upstream.received().size() - 1).body()).isEqualTo(body);
    }
    HttpResponse<String> embedded =
        client.post(
            gateway, "/embeddings", "{\"model\":\"m\",\"input\":\"a\",\"x\":" + number + "}");
    assertThat(embedded.statusCode()).isEqualTo(200);
    assertThat(cache(embedded)).isEqualTo("bypass");
  }

  @Test
  void aNumberOfManyDigitsBypassesToo() throws Exception {
    String body = question("\"x\":" + "7".repeat(5_000) + ",");
    HttpResponse<String> answer = client.post(gateway, PATH, body);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(cache(answer)).isEqualTo("bypass");
    assertThat(upstream.received().get(0).body()).isEqualTo(body);
  }

  @Test
  void aNumberThatNobodyCanHoldInAnAnswerPassesAsItIs() throws Exception {
    Protocol.Collector collector = OpenAiStreams.ofChat();
    String data =
        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"x\":1e99999999999999}]}";

    assertThat(collector.take(EventReader.Event.of("", data)).withUsage())
        .isEqualTo("data: " + data + "\n\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":"})
  void aBodyThatIsNestedTooDeepIsToldSo(String level) throws Exception {
    String close = level.equals("[") ? "]" : "}";
    String deep = level.repeat(3_000) + "1" + close.repeat(3_000);
    HttpResponse<String> answer =
        client.post(gateway, PATH, question("\"metadata\":" + deep + ","));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("nested deeper than").contains("1000 levels");
    assertThat(upstream.received()).isEmpty();
  }

  @Test
  void aCompressedBodyIsRefusedInTheRightWords() throws Exception {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(question("").getBytes(StandardCharsets.UTF_8));
    }
    for (String encoding : new String[] {"gzip", "GZIP", "br", "zstd", "deflate, gzip"}) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(gateway.url() + PATH))
                  .header("Content-Type", "application/json")
                  .header("Content-Encoding", encoding)
                  .POST(HttpRequest.BodyPublishers.ofByteArray(compressed.toByteArray()))
                  .build(),
              HttpResponse.BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(415);
      assertThat(answer.body()).contains("Content-Encoding: " + encoding).contains("uncompressed");
      assertThat(answer.headers().firstValue("accept-encoding")).hasValue("identity");
    }
    assertThat(
            client.post(gateway, PATH, question(""), "Content-Encoding", "identity").statusCode())
        .isEqualTo(200);
  }

  @Test
  void everyAnswerHasOneDateAndAName() throws Exception {
    String asked = question("");
    for (String body :
        new String[] {
          asked,
          asked,
          "{\"stream\":true," + asked.substring(1),
          "{",
          question("\"n\":2,\"stream\":true,")
        }) {
      try (RawConnection connection = new RawConnection(gateway)) {
        RawConnection.Answer answer = connection.post("/v1" + PATH, body);
        assertThat(answer.values("Date")).as(body).hasSize(1);
        assertThat(answer.values("x-request-id")).as(body).hasSize(1);
        if (answer.value("X-Reprise-Cache").equals("hit-exact") || answer.status() == 400) {
          assertThat(answer.value("x-request-id"))
              .isEqualTo(answer.value("X-Reprise-Request-Id"))
              .isNotEmpty();
        } else {
          assertThat(answer.value("x-request-id")).startsWith("up-");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/chat/completions",
        "/v1/chat/completions/",
        "/v1/chat/completions//",
        "/v1/responses",
        "/v1/embeddings/",
        "/v1/models",
        "/v1/",
        "/"
      })
  void theAddressOfAnEndpointMeansItsBase(String path) throws Exception {
    try (Gateway there =
        Gateway.builder(URI.create(upstream.url() + path), CacheEngine.builder()).port(0).start()) {
      assertThat(client.post(there, PATH, question("")).statusCode()).isEqualTo(200);
      assertThat(upstream.received().get(0).target()).isEqualTo("/v1/chat/completions");
    }
  }
}
