package dev.reprise.gateway;

import static dev.reprise.gateway.WireClient.cache;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.observe.FirstRequests;
import dev.reprise.model.UnsetTemperature;
import dev.reprise.policy.CachePolicy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a gateway says of itself where it does nothing, and what an administrator finds. */
class GatewayTellsTest {
  private static final String TOKEN = "an admin token of some length";
  private static final String PATH = "/chat/completions";

  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger log = (Logger) LoggerFactory.getLogger(FirstRequests.class);
  private final Logger requests = (Logger) LoggerFactory.getLogger(Gateway.REQUEST_LOG);
  private final WireClient client = new WireClient();
  private final HttpClient http = HttpClient.newHttpClient();
  private ScriptedModelServer upstream;
  private Gateway gateway;

  @BeforeEach
  void start() throws IOException {
    lines.list = new CopyOnWriteArrayList<>();
    lines.start();
    log.addAppender(lines);
    requests.addAppender(lines);
    requests.setLevel(Level.INFO);
    upstream = new ScriptedModelServer();
    gateway =
        Gateway.builder(upstream.url(), CacheEngine.builder())
            .port(0)
            .adminToken(TOKEN)
            .chatPolicy(
                CachePolicy.builder().whenTemperatureIsUnset(UnsetTemperature.BYPASS).build())
            .start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
    log.detachAppender(lines);
    requests.detachAppender(lines);
    requests.setLevel(null);
  }

  private static String question(String text, String temperature) {
    return "{\"model\":\"m\","
        + temperature
        + "\"messages\":[{\"role\":\"system\",\"content\":\"Be"
        + " brief.\"},{\"role\":\"user\",\"content\":\""
        + text
        + "\"}]}";
  }

  private HttpResponse<String> ask(String text) throws Exception {
    return client.post(gateway, PATH, question(text, "\"temperature\":0,\"seed\":7,"));
  }

  private JsonNode admin(String path) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                .header("Authorization", "Bearer " + TOKEN)
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.read(answer.body());
  }

  private List<ILoggingEvent> warnings() {
    return lines.list.stream().filter(line -> line.getLevel() == Level.WARN).toList();
  }

  // --- the first requests -----------------------------------------------------------------------

  @Test
  void oneWarningSaysThatTheFirstRequestsWereAllBypassedAndWhatToDo() throws Exception {
    for (int i = 0; i < 2 * FirstRequests.REQUESTS; i++) {
      client.post(gateway, PATH, question("Why?", ""));
      assertThat(warnings()).hasSize(i + 1 < FirstRequests.REQUESTS ? 0 : 1);
    }
    assertThat(warnings().get(0).getFormattedMessage())
        .contains("does nothing", "first 20", "not-deterministic", "--any-temperature");
  }

  @Test
  void oneWarningSaysThatNoAnswerIsStored() throws Exception {
    for (int i = 0; i < FirstRequests.REQUESTS; i++) {
      ask("tools please " + i);
    }
    assertThat(warnings()).hasSize(1);
    assertThat(warnings().get(0).getFormattedMessage())
        .contains("tool-calls", "--cache-tool-calls");
  }

  @Test
  void nothingIsSaidWhereTheCacheDoesSomethingOrTheReasonsDiffer() throws Exception {
    ask("Why?");
    for (int i = 0; i < FirstRequests.REQUESTS; i++) {
      client.post(gateway, PATH, question("Why?", ""));
    }
    assertThat(warnings()).isEmpty();
  }

  // --- figures ----------------------------------------------------------------------------------

  @Test
  void whatWentPastTheCacheIsCountedByReason() throws Exception {
    ask("Why?");
    client.post(gateway, PATH, question("Why?", ""));
    client.post(gateway, PATH, question("Write a poem about rain", "\"temperature\":0,"));
    client.post(gateway, "/audio/speech", "{}");

    JsonNode whole = admin("/admin/timeline").path("whole");
    assertThat(whole.path("bypassed").asLong()).isEqualTo(2);
    assertThat(whole.path("bypassedByReason").path("not-deterministic").asLong()).isEqualTo(1);
    assertThat(whole.path("bypassedByReason").path("creative").asLong()).isEqualTo(1);
    assertThat(whole.path("passed").asLong()).isEqualTo(1);
    assertThat(admin("/admin/stats").path("passed").asLong()).isEqualTo(1);
  }

  @Test
  void hitsAreBrokenDownByModelKeyAndUseCase() throws Exception {
    ask("Why?");
    ask("Why?");
    client.post(gateway, PATH, question("Why?", "").replace("\"m\"", "\"other\""));

    JsonNode breakdown = admin("/admin/breakdown");
    assertThat(breakdown.at("/byModel/0/name").asText()).isEqualTo("m");
    assertThat(breakdown.at("/byModel/0/exactHits").asLong()).isEqualTo(1);
    assertThat(breakdown.at("/byModel/0/misses").asLong()).isEqualTo(1);
    assertThat(breakdown.at("/byModel/1/bypassed").asLong()).isEqualTo(1);
    assertThat(breakdown.at("/byKey/0/requests").asLong()).isEqualTo(3);
    assertThat(breakdown.at("/byUseCase/0/name").asText()).isEqualTo("question");
  }

  @Test
  void anEntryIsShownWhole() throws Exception {
    String key = ask("Why?").headers().firstValue("x-reprise-entry").orElseThrow();
    assertThat(cache(ask("Why?"))).isEqualTo("hit-exact");
    ask("Why?");

    JsonNode entry = admin("/admin/entry?key=" + key);
    assertThat(entry.path("answer").asText()).isEqualTo("Answer number 1.");
    assertThat(entry.path("hits").asLong()).isEqualTo(2);
    assertThat(entry.path("ageSeconds").asLong()).isBetween(0L, 60L);
    assertThat(entry.at("/request/messages/0/role").asText()).isEqualTo("system");
    assertThat(entry.at("/request/messages/0/text").asText()).isEqualTo("Be brief.");
    assertThat(entry.at("/request/parameters/seed").asText()).isEqualTo("7");
    assertThat(entry.path("payload").asText()).contains("Answer number 1.");
  }

  // --- the log ----------------------------------------------------------------------------------

  @Test
  void aStreamedMissTellsItsEntryOrWhyItWasNotStored() throws Exception {
    String stored = question("Why?", "\"stream\":true,\"temperature\":0,");
    String odd = question("tools", "\"stream\":true,\"temperature\":0,");
    client.post(gateway, PATH, stored);
    client.post(gateway, PATH, odd);
    WireClient.await(() -> lines.list.size() >= 2);

    assertThat(pairs(lines.list.get(0))).contains("entry=").doesNotContain("reason=");
    assertThat(pairs(lines.list.get(1))).contains("reason=").contains("tool-calls");
  }

  @Test
  void toLookAtTheDashboardFillsNoLog() throws Exception {
    for (String path : List.of("stats", "timeline", "decisions", "entries", "breakdown")) {
      admin("/admin/" + path);
    }
    ask("Why?");
    WireClient.await(() -> !lines.list.isEmpty());

    assertThat(lines.list).hasSize(1);
    assertThat(pairs(lines.list.get(0))).contains(PATH);
  }

  private static String pairs(ILoggingEvent line) {
    return String.valueOf(line.getKeyValuePairs());
  }
}
