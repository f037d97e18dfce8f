package dev.reprise.gateway;

import static dev.reprise.gateway.WireClient.cache;
import static dev.reprise.gateway.WireClient.reason;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.reprise.engine.CacheEngine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies of an upstream that does not do as it is asked: the client gets them, and learns why. */
class GatewayOddRepliesTest {
  private static final String PATH = "/chat/completions";
  private static final String WHOLE =
      "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Because.\"},\"finish_reason\":\"stop\"}]}";
  private static final String STREAM =
      String.join(
          "\n\n",
          "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Because.\"},\"finish_reason\":\"stop\"}]}",
          "data: [DONE]",
          "");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private HttpServer server;
  private Gateway gateway;

  private volatile Optional<String> encoding = Optional.empty();
  private volatile String type = "application/json";
  private volatile byte[] body = new byte[0];

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.createContext("/", this::answer);
    server.start();
    URI upstream = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    gateway = Gateway.builder(upstream, CacheEngine.builder()).port(0).start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      encoding.ifPresent(name -> exchange.getResponseHeaders().set("Content-Encoding", name));
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private HttpResponse<byte[]> ask(boolean isStream) throws Exception {
    return client.send(
        WireClient.request(
            gateway,
            PATH,
            "{\"model\":\"m\",\"temperature\":0,\"stream\":"
                + isStream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Why?\"}]}"),
        BodyHandlers.ofByteArray());
  }

  private static byte[] gzipped(String text) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return compressed.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({"false,gzip", "true,gzip", "false,GZIP", "true,' gzip '", "false,br", "true,zstd"})
  void aCompressedReplyIsHandedOnAndSaysWhyItIsNotStored(boolean isStream, String name)
      throws Exception {
    encoding = Optional.of(name);
    type = isStream ? "text/event-stream" : "application/json";
    body = gzipped(isStream ? STREAM : WHOLE);
    for (int i = 0; i < 2; i++) {
      HttpResponse<byte[]> answer = ask(isStream);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(cache(answer)).isEqualTo("miss");
      assertThat(reason(answer))
          .startsWith("incomplete; ")
          .contains("Content-Encoding: " + name.strip(), "asked not to");
      assertThat(answer.headers().firstValue("content-encoding")).hasValue(name.strip());
      assertThat(answer.body()).isEqualTo(body);
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(ask(isStream).body()))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("Because.");
    }
  }

  /** It says that the reply is not compressed. */
  @ParameterizedTest
  @CsvSource({"false,identity", "true,identity", "false,Identity", "true,''"})
  void anEncodingThatIsNoneIsNoObstacle(boolean isStream, String name) throws Exception {
    encoding = Optional.of(name);
    type = isStream ? "text/event-stream" : "application/json";
    body = (isStream ? STREAM : WHOLE).getBytes(StandardCharsets.UTF_8);
    assertThat(cache(ask(isStream))).isEqualTo("miss");
    assertThat(cache(ask(isStream))).isEqualTo("hit-exact");
    assertThat(new String(ask(isStream).body(), StandardCharsets.UTF_8)).contains("Because.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json|{\"choices\":7}",
        "application/json|not JSON",
        "text/html|<h1>Welcome</h1>",
        "application/json|"
      })
  void whatIsNoAnswerIsHandedOnAndSaysSo(String reply) throws Exception {
    List<String> parts = List.of(reply.split("\\|", -1));
    type = parts.get(0);
    body = parts.get(1).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 2; i++) {
      HttpResponse<byte[]> answer = ask(false);
      assertThat(answer.body()).isEqualTo(body);
      assertThat(cache(answer)).isEqualTo("miss");
      assertThat(reason(answer)).isNotEqualTo("none");
    }
  }

  /** A server that does not know streams. */
  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/json; charset=utf-8"})
  void aWholeReplyToAStreamIsHandedOnAndSaysWhy(String type) throws Exception {
    this.type = type;
    body = WHOLE.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 2; i++) {
      HttpResponse<byte[]> answer = ask(true);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(body);
      assertThat(cache(answer)).isEqualTo("miss");
      assertThat(reason(answer)).startsWith("incomplete; ");
    }
  }
}
