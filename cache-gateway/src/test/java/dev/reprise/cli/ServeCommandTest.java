package dev.reprise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cli.demo.DemoCommand;
import dev.reprise.cli.evaluate.CalibrateCommand;
import dev.reprise.cli.evaluate.EvaluateCommand;
import dev.reprise.cli.io.ExitStatus;
import dev.reprise.cli.io.Terminal;
import dev.reprise.cli.serve.ServeCommand;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.gateway.Gateway;
import dev.reprise.gateway.ScriptedModelServer;
import dev.reprise.testing.Eventually;
import dev.reprise.verify.OnnxVerifier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command that serves the gateway. */
class ServeCommandTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StringWriter errors = new StringWriter();
  private final List<Integer> statuses = new ArrayList<>();

  private Waiter waiter = this::knock;
  private @TempDir Path folder;

  /** What is done while the gateway serves. */
  private interface Waiter {
    void during(Gateway gateway) throws InterruptedException;
  }

  private int run(Map<String, String> environment, String... arguments) {
    Terminal terminal =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8), StandardCharsets.UTF_8, false);
    CommandLine line =
        Reprise.commandLine(
            terminal,
            List.of(
                new ServeCommand(terminal, environment, gateway -> waiter.during(gateway)),
                new DemoCommand(
                    terminal, Map.of(), FakeCache::new, duration -> {}, System::nanoTime),
                new EvaluateCommand(terminal, MiniLmEmbedder::load, OnnxVerifier::load),
                new CalibrateCommand(terminal, MiniLmEmbedder::load, OnnxVerifier::load)));
    line.setErr(new PrintWriter(errors, true));
    return line.execute(arguments);
  }

  private void knock(Gateway gateway) {
    try {
      URI address = gateway.url().resolve("/readyz");
      statuses.add(
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding())
              .statusCode());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void portAndUpstreamAreEnough() {
    int status = run(Map.of(), "serve", "--port", "0", "--upstream", "http://127.0.0.1:9");

    assertThat(status).as(errors.toString()).isZero();
    assertThat(statuses).containsExactly(200);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("Reprise listens on http://127.0.0.1:")
        .contains("REPRISE_ADMIN_TOKEN set to a secret of your own, 16 characters or more");
  }

  @Test
  void answersOutliveTheGateway() throws Exception {
    try (ScriptedModelServer upstream = new ScriptedModelServer()) {
      String[] arguments = {
        "serve", "--port", "0", "--tiers", "memory", "--upstream", upstream.url().toString()
      };
      Map<String, String> home = Map.of("HOME", folder.toString());
      List<String> said = new ArrayList<>();
      waiter =
          gateway ->
              said.add(ask(gateway).headers().firstValue("X-Reprise-Cache").orElse("no header"));
      assertThat(run(home, arguments)).as(errors.toString()).isZero();
      assertThat(run(home, arguments)).as(errors.toString()).isZero();
      assertThat(said).containsExactly("miss", "hit-exact");
      assertThat(out.toString(StandardCharsets.UTF_8))
          .contains("Answers are kept in " + folder.resolve(".local/share/reprise/127.0.0.1_"));
      // Two at a time: the second one answers from memory, unless the directory was asked for.
      waiter =
          gateway -> {
            waiter =
                second -> said.add(ask(second).headers().firstValue("X-Reprise-Cache").orElse(""));
            assertThat(run(home, arguments)).isZero();
          };
      assertThat(run(home, arguments)).isZero();
      assertThat(said).containsExactly("miss", "hit-exact", "miss");
      waiter =
          gateway ->
              assertThat(
                      run(
                          Map.of(),
                          "serve",
                          "--port",
                          "0",
                          "--tiers",
                          "memory",
                          "--data-dir",
                          folder
                              .resolve(".local/share/reprise")
                              .resolve("127.0.0.1_" + upstream.url().getPort())
                              .toString()))
                  .isEqualTo(ExitStatus.INPUT);
      assertThat(run(home, arguments)).isZero();
      assertThat(errors.toString()).contains("is in use by another process or engine");
    }
  }

  private static HttpResponse<String> ask(Gateway gateway) {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create(gateway.url() + "/chat/completions"))
                  .header("Content-Type", "application/json")
                  .header("Authorization", "Bearer a-key")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"What"
                              + " is a cache?\"}]}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aDirectoryForWhatServersKeepIsRefused() {
    assertThat(run(Map.of(), "serve", "--port", "0", "--tiers", "redis", "--data-dir", "somewhere"))
        .isEqualTo(ExitStatus.INPUT);
    assertThat(errors.toString()).contains("--data-dir somewhere", "the servers keep the answers");
  }

  @Test
  void serversThatAreDownAreAwaitedAndDoNotKeepItFromStarting() {
    int status =
        run(
            Map.of(),
            "serve",
            "--port",
            "0",
            "--tiers",
            "memory,redis,milvus",
            "--redis-url",
            "redis://127.0.0.1:9",
            "--milvus-uri",
            "http://127.0.0.1:9");

    assertThat(status).as(errors.toString()).isZero();
    assertThat(statuses).containsExactly(200);
  }

  @Test
  void whatIsNoServersAddressIsRefused() {
    assertThat(run(Map.of(), "serve", "--port", "0", "--tiers", "redis", "--redis-url", "nowhere"))
        .isEqualTo(ExitStatus.INPUT);
    assertThat(statuses).isEmpty();
  }

  @Test
  void moreThanLoopbackIsRefusedWithoutAnAdminToken() {
    int status = run(Map.of(), "serve", "--port", "0", "--host", "0.0.0.0");

    assertThat(status).isEqualTo(ExitStatus.INPUT);
    assertThat(errors.toString()).contains("admin token");
    assertThat(statuses).isEmpty();
  }

  @Test
  void aVariableThatIsNotSetIsNamed() {
    int status = run(Map.of(), "serve", "--port", "0", "--group", "team=TEAM_KEYS");

    assertThat(status).isEqualTo(ExitStatus.INPUT);
    assertThat(errors.toString()).contains("TEAM_KEYS is not set");
  }

  @Test
  void thePromotionRuleIsTakenOrRefusedWithItsRange() {
    Map<String, String> keys = Map.of("TEAM_KEYS", "sk-a,sk-b");
    String[] arguments = {
      "serve", "--port", "0", "--group", "team=TEAM_KEYS", "--promotion-after", "3"
    };
    assertThat(run(keys, arguments)).as(errors.toString()).isZero();
    arguments[arguments.length - 1] = "0";
    assertThat(run(keys, arguments)).isEqualTo(ExitStatus.INPUT);
    assertThat(errors.toString()).contains("--promotion-after", "promotionAfter", "0", "1", "100");
  }

  @Test
  void routesAndTheirKeysAreTaken() {
    String[] arguments = {
      "serve",
      "--port",
      "0",
      "--route",
      "a-*=http://127.0.0.1:9",
      "--route",
      "b=https://b.example",
      "--route-key-env",
      "a-*=A_KEY"
    };
    assertThat(run(Map.of("A_KEY", "sk-a"), arguments)).as(errors.toString()).isZero();
    assertThat(run(Map.of(), arguments)).isEqualTo(ExitStatus.INPUT);
    assertThat(errors.toString()).contains("A_KEY is not set");
  }

  @Test
  void aPriceIsTakenOrRefusedWithTheReason() {
    assertThat(run(Map.of(), "serve", "--port", "0", "--price", "m=1/2", "--price", "*=0/0.5"))
        .as(errors.toString())
        .isZero();
    assertThat(run(Map.of(), "serve", "--port", "0", "--price", "m=1")).isEqualTo(ExitStatus.INPUT);
    assertThat(errors.toString()).contains("--price m=1", "INPUT/OUTPUT");
    assertThat(run(Map.of(), "serve", "--port", "0", "--price", "m=1/-2"))
        .isEqualTo(ExitStatus.INPUT);
    assertThat(errors.toString()).contains("output price of m", "-2");
  }

  @Test
  void aRouteThatCannotBeIsRefused() {
    assertThat(run(Map.of(), "serve", "--port", "0", "--route", "a=ftp://b"))
        .isEqualTo(ExitStatus.INPUT);
    assertThat(errors.toString()).contains("route of a is ftp://b");
    assertThat(run(Map.of("K", "k"), "serve", "--port", "0", "--route-key-env", "a=K"))
        .isEqualTo(ExitStatus.INPUT);
    assertThat(errors.toString()).contains("there is no --route a=URL");
  }

  private static String cache(Gateway gateway) {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create(gateway.url() + "/chat/completions"))
                  .header("Content-Type", "application/json")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"model\":\"m\",\"temperature\":1,\"messages\":[{\"role\":\"user\",\"content\":\"Why?\"}]}"))
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .headers()
          .firstValue("x-reprise-cache")
          .orElse("none");
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatTheFileSaidAtTheStartCanBeChangedInTheFile() throws Exception {
    Path file = folder.resolve("reprise.yaml");
    try (ScriptedModelServer upstream = new ScriptedModelServer()) {
      String text = "port: 0\nupstream: " + upstream.url() + "\npolicy: {any-temperature: ";
      Files.writeString(file, text + "true}\n");
      List<String> seen = new ArrayList<>();
      waiter =
          gateway -> {
            seen.add(cache(gateway));
            try {
              Files.writeString(file, text + "false}\n");
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            Eventually.that("the policy is read again", () -> cache(gateway).equals("bypass"));
            seen.add(cache(gateway));
          };

      assertThat(run(Map.of(), "serve", "--config", file.toString()))
          .as(errors.toString())
          .isZero();
      assertThat(seen).containsExactly("miss", "bypass");
    }
  }
}
