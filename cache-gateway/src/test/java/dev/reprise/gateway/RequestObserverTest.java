package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.reprise.engine.CacheEngine;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is seen of a request from outside: its line in the log, its spans. */
class RequestObserverTest {
  private static final String SECRET = "a-question-that-is-nobody's-business";
  private static final String KEY = "sk-nobody-sees-this-key";
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger log = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Logger requests = (Logger) LoggerFactory.getLogger(Gateway.REQUEST_LOG);
  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final WireClient client = new WireClient();
  private ScriptedModelServer upstream;

  @BeforeEach
  void start() throws Exception {
    upstream = new ScriptedModelServer();
    lines.list = new CopyOnWriteArrayList<>();
    lines.start();
    log.addAppender(lines);
    requests.setLevel(Level.INFO);
  }

  @AfterEach
  void stop() {
    log.detachAppender(lines);
    requests.setLevel(null);
    upstream.close();
  }

  private Gateway gateway(UnaryOperator<GatewayBuilder> options) {
    return options.apply(Gateway.builder(upstream.url(), CacheEngine.builder()).port(0)).start();
  }

  private Gateway traced() {
    return gateway(
        builder ->
            builder.telemetry(
                OpenTelemetrySdk.builder()
                    .setTracerProvider(
                        SdkTracerProvider.builder()
                            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                            .build())
                    .build()));
  }

  private HttpResponse<String> ask(Gateway gateway, String question, String more) throws Exception {
    return client.post(
        gateway,
        "/chat/completions",
        "{\"model\":\"m-1\",\"temperature\":0,"
            + more
            + "\"messages\":[{\"role\":\"user\",\"content\":\""
            + question
            + "\"}]}",
        "Authorization",
        "Bearer " + KEY,
        "traceparent",
        PARENT);
  }

  /** Returns what each request's line tells, by key. */
  private List<Map<String, String>> told(int count) throws InterruptedException {
    WireClient.await(() -> told().size() >= count);
    return told();
  }

  private List<Map<String, String>> told() {
    List<Map<String, String>> told = new ArrayList<>();
    for (ILoggingEvent line : lines.list) {
      if (line.getLoggerName().equals(Gateway.REQUEST_LOG)) {
        told.add(
            line.getKeyValuePairs().stream()
                .collect(Collectors.toMap(pair -> pair.key, pair -> String.valueOf(pair.value))));
      }
    }
    return told;
  }

  // --- the log ----------------------------------------------------------------------------------

  @Test
  void eachRequestHasALineThatTellsWhatBecameOfIt() throws Exception {
    try (Gateway gateway = gateway(builder -> builder)) {
      HttpResponse<String> miss = ask(gateway, SECRET, "");
      ask(gateway, SECRET, "");
      ask(gateway, SECRET, "\"stream\":true,");
      ask(gateway, "error", "");

      List<Map<String, String>> told = told(4);
      assertThat(told.get(0))
          .containsEntry("outcome", "miss")
          .containsEntry("method", "POST")
          .containsEntry("path", "/v1/chat/completions")
          .containsEntry("status", "200")
          .containsEntry("model", "m-1")
          .containsEntry(
              "request_id", miss.headers().firstValue("X-Reprise-Request-Id").orElseThrow())
          .containsKeys("ms", "upstream_ms");
      assertThat(told.get(1))
          .containsEntry("outcome", "hit-exact")
          .containsEntry("tier", "memory")
          .doesNotContainKey("upstream_ms");
      assertThat(told.get(2)).containsEntry("outcome", "hit-exact");
      assertThat(told.get(3)).containsEntry("status", "429");
      assertThat(told.stream().map(line -> line.get("request_id")).distinct()).hasSize(4);
    }
  }

  @Test
  void nothingThatWasSaidAndNoKeyIsLogged() throws Exception {
    try (Gateway gateway = gateway(builder -> builder)) {
      ask(gateway, SECRET, "");
      ask(gateway, SECRET, "");
      ask(gateway, "cut " + SECRET, "\"stream\":true,\"seed\":1,");
      told(2);
    } catch (IOException e) {
      // The stream that the upstream cuts off.
      told(2);
    }
    assertThat(lines.list)
        .isNotEmpty()
        .allSatisfy(
            line ->
                assertThat(line.getFormattedMessage() + line.getKeyValuePairs())
                    .doesNotContain(SECRET, KEY, "Answer number"));
  }

  @Test
  void theBeginningOfAPromptIsLoggedWhereThatIsAskedFor() throws Exception {
    try (Gateway gateway = gateway(GatewayBuilder::logPrompts)) {
      ask(gateway, "w".repeat(300), "");

      assertThat(told(1).get(0)).containsEntry("prompt", "w".repeat(200) + "...");
    }
  }

  // --- traces -----------------------------------------------------------------------------------

  private static String attribute(SpanData span, String name) {
    return String.valueOf(span.getAttributes().get(AttributeKey.stringKey(name)));
  }

  private List<SpanData> servers() {
    return exporter.getFinishedSpanItems().stream()
        .filter(span -> span.getName().startsWith("chat"))
        .toList();
  }

  @Test
  void aRequestIsASpanWithOneForEachStageAndTheClientsSpanIsItsParent() throws Exception {
    try (Gateway gateway = traced()) {
      ask(gateway, SECRET, "");
      WireClient.await(() -> servers().size() == 1);
      SpanData miss = servers().get(0);

      assertThat(miss.getName()).isEqualTo("chat m-1");
      assertThat(miss.getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
      assertThat(miss.getParentSpanId()).isEqualTo("b7ad6b7169203331");
      assertThat(attribute(miss, "gen_ai.operation.name")).isEqualTo("chat");
      assertThat(attribute(miss, "gen_ai.request.model")).isEqualTo("m-1");
      assertThat(attribute(miss, "reprise.cache.outcome")).isEqualTo("miss");
      assertThat(exporter.getFinishedSpanItems())
          .filteredOn(span -> span.getParentSpanId().equals(miss.getSpanId()))
          .extracting(SpanData::getName)
          .contains("reprise.key", "reprise.exact", "reprise.upstream");
      // The upstream is told that this span is its parent.
      assertThat(upstream.received().get(0).headers())
          .containsEntry(
              "Traceparent", List.of("00-" + miss.getTraceId() + "-" + miss.getSpanId() + "-01"));

      exporter.reset();
      ask(gateway, SECRET, "");
      WireClient.await(() -> servers().size() == 1);
      SpanData hit = servers().get(0);
      assertThat(attribute(hit, "reprise.cache.outcome")).isEqualTo("hit-exact");
      assertThat(attribute(hit, "gen_ai.response.model")).isEqualTo("scripted-1");
      assertThat(hit.getAttributes().get(AttributeKey.longKey("gen_ai.usage.input_tokens")))
          .isEqualTo(9);
      assertThat(exporter.getFinishedSpanItems())
          .extracting(SpanData::getName)
          .doesNotContain("reprise.upstream");
    }
  }

  @Test
  void noSpanHoldsWhatWasSaidOrAKey() throws Exception {
    try (Gateway gateway = traced()) {
      ask(gateway, SECRET, "");
      ask(gateway, SECRET, "");
      WireClient.await(() -> servers().size() == 2);

      assertThat(exporter.getFinishedSpanItems())
          .allSatisfy(
              span -> assertThat(span.toString()).doesNotContain(SECRET, KEY, "Answer number"));
    }
  }
}
