package dev.reprise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reprise.cli.demo.DemoCommand;
import dev.reprise.cli.evaluate.CalibrateCommand;
import dev.reprise.cli.evaluate.EvaluateCommand;
import dev.reprise.cli.io.Terminal;
import dev.reprise.cli.serve.ServeCommand;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.Gateway;
import dev.reprise.gateway.ScriptedModelServer;
import dev.reprise.redis.RedisExactTier;
import dev.reprise.testing.Eventually;
import dev.reprise.verify.OnnxVerifier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The dashboard and the rules of docker/metrics, against what a gateway exports. */
class StackMetricsTest {
  private static final Path METRICS = Path.of("..", "docker", "metrics");
  private static final String TOKEN = "an admin token of some length";

  /** Prometheus' own, which tells whether a target answered. */
  private static final String UP = "up";

  private static final Set<String> OPERATORS = Set.of("or", "and", "unless");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private ScriptedModelServer upstream;
  private @TempDir Path folder;

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedModelServer();
  }

  @AfterEach
  void stop() {
    upstream.close();
  }

  @Test
  void everyMeterOfTheDashboardAndTheRulesIsExported() throws Exception {
    Set<String> exported = new TreeSet<>(Set.of(UP));
    Path config = Files.writeString(folder.resolve("reprise.yaml"), "policy: {}\n");
    serve(
        gateway -> {
          try {
            exported.addAll(exportedWhenBusy(gateway.url()));
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        },
        "serve",
        "--config",
        config.toString(),
        "--port",
        "0",
        "--upstream",
        upstream.url().toString());
    exported.addAll(exportedInTrouble());

    Set<String> used = new TreeSet<>();
    for (String expression : expressions()) {
      used.addAll(meters(expression));
    }
    assertThat(used).hasSizeGreaterThan(20);
    assertThat(exported).containsAll(used);
  }

  @Test
  void theMetersOfAnExpressionAreFound() {
    assertThat(
            meters(
                "histogram_quantile(0.5, sum by (le) (rate(a_bucket{x=~\"up|y\"}[5m]))) > ignoring"
                    + " (end) b or (c_total unless c_total offset 10m)"))
        .containsExactlyInAnyOrder("a_bucket", "b", "c_total");
  }

  @Test
  void everyPanelHasAPlaceOfItsOwnAndAsksTheSourceThatIsSetUp() throws IOException {
    String uid = provisioned();
    Set<Integer> ids = new HashSet<>();
    Set<String> places = new HashSet<>();
    for (JsonNode panel : dashboard().path("panels")) {
      String title = panel.path("title").asText();
      assertThat(ids.add(panel.path("id").asInt())).as("id of " + title).isTrue();
      assertThat(panel.at("/datasource/uid").asText()).as(title).isEqualTo(uid);
      JsonNode grid = panel.path("gridPos");
      assertThat(grid.path("x").asInt() + grid.path("w").asInt()).as(title).isBetween(1, 24);
      for (int x = 0; x < grid.path("w").asInt(); x++) {
        for (int y = 0; y < grid.path("h").asInt(); y++) {
          String place = (grid.path("x").asInt() + x) + "/" + (grid.path("y").asInt() + y);
          assertThat(places.add(place)).as("place of " + title).isTrue();
        }
      }
      Set<String> references = new HashSet<>();
      assertThat(panel.path("targets")).as(title).isNotEmpty();
      for (JsonNode target : panel.path("targets")) {
        assertThat(references.add(target.path("refId").asText())).as(title).isTrue();
        assertThat(target.at("/datasource/uid").asText()).as(title).isEqualTo(uid);
        assertThat(target.path("expr").asText()).as(title).isNotBlank();
      }
    }
    assertThat(ids).hasSizeGreaterThan(15);
  }

  /** Has hits of both kinds, candidates that are rejected and judged, and more. */
  private Set<String> exportedWhenBusy(URI url) throws IOException, InterruptedException {
    ask(url, "Is it safe to take ibuprofen?", 0);
    ask(url, "How do I reset my password?", 0);
    ask(url, "How do I reset my password?", 0);
    ask(url, "Tell me a joke.", 1);
    String entry =
        within(
            () -> {
              // What is asked so is not stored, and stays a question that was never asked.
              HttpResponse<String> answer =
                  ask(url, "How can I reset my password?", 0, "Cache-Control", "no-store");
              return answer
                      .headers()
                      .firstValue("x-reprise-cache")
                      .orElse("")
                      .equals("hit-semantic")
                  ? List.of(answer.headers().firstValue("x-reprise-entry").orElseThrow())
                  : List.of();
            });
    ask(url, "Is it not safe to take ibuprofen?", 0);
    HttpRequest feedback =
        HttpRequest.newBuilder(url.resolve("/admin/feedback"))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + TOKEN)
            .POST(BodyPublishers.ofString("{\"entry\":\"" + entry + "\",\"feedback\":\"right\"}"))
            .build();
    assertThat(client.send(feedback, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    // Pauses are counted from the first one on, by a thread that is told of it.
    System.gc();
    within(
        () -> exported(url).contains("jvm_gc_pause_seconds_sum") ? List.of("paused") : List.of());
    return exported(url);
  }

  /** Has a tier that does not answer. */
  private Set<String> exportedInTrouble() throws IOException, InterruptedException {
    RedisExactTier nobody = RedisExactTier.builder("redis://127.0.0.1:1").build();
    try (Gateway gateway =
        Gateway.builder(upstream.url(), CacheEngine.builder().exactTier(nobody)).port(0).start()) {
      for (int i = 0; i < 20; i++) {
        ask(gateway.url(), "Question " + i, 0);
      }
      return exported(gateway.url());
    }
  }

  private void serve(ServeCommand.Waiting waiting, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8), StandardCharsets.UTF_8, false);
    Map<String, String> environment = Map.of("REPRISE_ADMIN_TOKEN", TOKEN);
    int status =
        Reprise.commandLine(
                terminal,
                List.of(
                    new ServeCommand(terminal, environment, waiting),
                    new DemoCommand(
                        terminal, Map.of(), FakeCache::new, duration -> {}, System::nanoTime),
                    new EvaluateCommand(terminal, MiniLmEmbedder::load, OnnxVerifier::load),
                    new CalibrateCommand(terminal, MiniLmEmbedder::load, OnnxVerifier::load)))
            .execute(arguments);
    assertThat(status).as(out.toString(StandardCharsets.UTF_8)).isZero();
  }

  private HttpResponse<String> ask(URI url, String question, int temperature, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + "/chat/completions"))
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    "{\"model\":\"m\",\"temperature\":"
                        + temperature
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\""
                        + question
                        + "\"}]}"));
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer;
  }

  private Set<String> exported(URI url) throws IOException, InterruptedException {
    String text =
        client
            .send(HttpRequest.newBuilder(url.resolve("/metrics")).build(), BodyHandlers.ofString())
            .body();
    Set<String> names = new TreeSet<>();
    text.lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> names.add(line.split("[{ ]", 2)[0]));
    return names;
  }

  private static String within(Callable<List<String>> found) {
    AtomicReference<String> result = new AtomicReference<>();
    Eventually.that(
        "there is a result",
        () -> {
          found.call().stream().findFirst().ifPresent(result::set);
          return result.get() != null;
        });
    return result.get();
  }

  private static JsonNode dashboard() throws IOException {
    return new ObjectMapper().readTree(METRICS.resolve("grafana/dashboards/reprise.json").toFile());
  }

  private static List<String> expressions() throws IOException {
    List<String> expressions = new ArrayList<>();
    for (JsonNode panel : dashboard().path("panels")) {
      panel.path("targets").forEach(target -> expressions.add(target.path("expr").asText()));
    }
    JsonNode rules = yaml("rules.yml").at("/groups/0/rules");
    assertThat(rules.size()).isGreaterThan(4);
    rules.forEach(rule -> expressions.add(rule.path("expr").asText()));
    return expressions;
  }

  private static String provisioned() throws IOException {
    return yaml("grafana/datasources/prometheus.yml").at("/datasources/0/uid").asText();
  }

  private static JsonNode yaml(String file) throws IOException {
    Object loaded =
        new Load(LoadSettings.builder().build())
            .loadFromString(Files.readString(METRICS.resolve(file)));
    return new ObjectMapper().valueToTree(loaded);
  }

  /** Returns the names in {@code expression} that are neither functions, nor labels, nor words. */
  private static Set<String> meters(String expression) {
    String bare =
        expression
            .replaceAll("\"[^\"]*\"", "")
            .replaceAll("\\{[^}]*\\}|\\[[^\\]]*\\]", " ")
            .replaceAll("\\b(?:by|on|ignoring|group_left)\\s*\\([^)]*\\)", " ")
            .replaceAll("\\boffset\\s+\\w+", " ");
    Set<String> names = new TreeSet<>();
    Pattern.compile("\\b[a-zA-Z_][\\w:]*+(?!\\s*\\()")
        .matcher(bare)
        .results()
        .map(MatchResult::group)
        .filter(name -> !OPERATORS.contains(name))
        .forEach(names::add);
    return names;
  }
}
