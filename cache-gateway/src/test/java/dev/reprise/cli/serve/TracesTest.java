package dev.reprise.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.Gateway;
import dev.reprise.gateway.ScriptedModelServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Traces that are sent by OTLP over HTTP. */
class TracesTest {
  private static final String SECRET = "a-question-that-is-nobody's-business";

  /** What came at a collector. */
  private record Received(String path, String header, String body) {}

  private static int ask(ScriptedModelServer upstream, URI collector) throws Exception {
    Map<String, String> environment = Map.of("OTEL_EXPORTER_OTLP_HEADERS", "x-team=cache%20one");
    try (Gateway gateway =
        Gateway.builder(upstream.url(), CacheEngine.builder())
            .port(0)
            .telemetry(Traces.exporting(collector, 1, environment))
            .start()) {
      String body =
          "{\"model\":\"m-1\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\""
              + SECRET
              + "\"}]}";
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create(gateway.url() + "/chat/completions"))
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString())
          .statusCode();
    }
  }

  private static String text(byte[] body) throws IOException {
    boolean isZipped = body.length > 2 && body[0] == 0x1f && (body[1] & 0xff) == 0x8b;
    byte[] plain =
        isZipped ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes() : body;
    return new String(plain, StandardCharsets.ISO_8859_1);
  }

  @Test
  void aCollectorReceivesTheSpansAtTheLatestWhenTheGatewayEnds() throws Exception {
    List<Received> received = new CopyOnWriteArrayList<>();
    HttpServer sink =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    sink.createContext(
        "/",
        exchange -> {
          received.add(
              new Received(
                  exchange.getRequestURI().getPath(),
                  String.valueOf(exchange.getRequestHeaders().getFirst("x-team")),
                  text(exchange.getRequestBody().readAllBytes())));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    sink.start();
    try (ScriptedModelServer upstream = new ScriptedModelServer()) {
      URI collector = URI.create("http://127.0.0.1:" + sink.getAddress().getPort() + "/");
      assertThat(ask(upstream, collector)).isEqualTo(200);
    } finally {
      sink.stop(0);
    }
    assertThat(received)
        .isNotEmpty()
        .allSatisfy(
            one -> {
              assertThat(one.path()).isEqualTo("/v1/traces");
              assertThat(one.header()).isEqualTo("cache one");
              assertThat(one.body()).doesNotContain(SECRET);
            });
    assertThat(received.stream().map(Received::body).reduce("", String::concat))
        .contains("chat m-1", "reprise.upstream", "service.name");
  }

  @Test
  void aCollectorThatIsNotThereCostsNoAnswer() throws Exception {
    try (ScriptedModelServer upstream = new ScriptedModelServer()) {
      // Nobody listens at the discard port.
      assertThat(ask(upstream, URI.create("http://127.0.0.1:9"))).isEqualTo(200);
    }
  }
}
