package dev.reprise.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cli.io.ExitStatus;
import dev.reprise.cli.io.InputException;
import dev.reprise.cli.io.Terminal;
import dev.reprise.embedded.HnswSemanticTier;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.Gateway;
import dev.reprise.gateway.ScriptedModelServer;
import dev.reprise.match.Matcher;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.Mode;
import dev.reprise.testing.Eventually;
import dev.reprise.testing.HashEmbedder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The commands that speak to a running gateway. */
class GatewayCommandsTest {
  private static final String TOKEN = "an admin token of some length";
  private static final String SECRET = "a scope secret of some length";

  @TempDir private Path folder;
  private ScriptedModelServer upstream;
  private Gateway gateway;
  private String output = "";
  private String errors = "";

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedModelServer();
    gateway = gateway();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private Gateway gateway() {
    return gateway(SECRET);
  }

  private Gateway gateway(String secret) {
    return Gateway.builder(upstream.url(), CacheEngine.builder())
        .port(0)
        .adminToken(TOKEN)
        .scopeSecret(secret.getBytes(StandardCharsets.UTF_8))
        .group("team", List.of("sk-1"))
        .start();
  }

  private int run(Function<Terminal, Callable<Integer>> command, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8), StandardCharsets.UTF_8, false);
    CommandLine line = new CommandLine(command.apply(terminal));
    line.setErr(new PrintWriter(err, true));
    line.setExecutionExceptionHandler(
        (failure, self, parsed) -> {
          if (failure instanceof InputException) {
            err.write(String.valueOf(failure.getMessage()));
            return ExitStatus.INPUT;
          }
          throw failure;
        });
    int status = line.execute(arguments);
    output = out.toString(StandardCharsets.UTF_8);
    errors = err.toString();
    return status;
  }

  private int administer(
      Function<Terminal, Callable<Integer>> command, Gateway whose, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("--gateway", whose.url().toString(), "--admin-token", TOKEN));
    arguments.addAll(List.of(more));
    return run(command, arguments.toArray(String[]::new));
  }

  private int warm(Gateway whose, Path file, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("--gateway", whose.url().toString(), file.toString()));
    arguments.addAll(List.of(more));
    return run(
        terminal -> new WarmCommand(terminal, Map.of("KEY", "sk-1")),
        arguments.toArray(String[]::new));
  }

  private Path file(String... lines) throws IOException {
    return Files.write(folder.resolve("requests.jsonl"), List.of(lines));
  }

  private static String request(String question) {
    return "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\""
        + question
        + "\"}]}";
  }

  @Test
  void whatWasWarmedIsAHit() throws IOException {
    Path file =
        file(
            request("Why?"),
            "",
            "{\"custom_id\":\"1\",\"url\":\"/v1/embeddings\",\"body\":{\"model\":\"e\",\"input\":\"a\"}}");

    assertThat(warm(gateway, file, "--api-key-env", "KEY", "--tags", "faq")).isZero();
    assertThat(output).containsPattern("miss +\\d").containsPattern("failed +0");
    assertThat(warm(gateway, file, "--api-key-env", "KEY")).isZero();
    assertThat(output).containsPattern("hit-exact +2");
    assertThat(warm(gateway, file)).as("another key").isZero();
    assertThat(output).doesNotContain("hit-exact");

    assertThat(administer(InvalidateCommand::new, gateway, "--tag", "faq")).isZero();
    assertThat(output).contains("Removed 2 entries");
  }

  @Test
  void whatFailsIsNamedAndTheRestIsWarmed() throws IOException {
    assertThat(warm(gateway, file(request("error at once"), request("Why?")))).isEqualTo(1);
    assertThat(output)
        .contains("requests.jsonl:1: slow down")
        .containsPattern("miss +1")
        .containsPattern("failed +1");
  }

  @Test
  void whyALineIsNotCachedIsSaid() throws IOException {
    Path file =
        file(
            request("Write a poem about rain"),
            request("Write a poem about snow"),
            request("tools please"),
            request("What does it cost?").replace("\"temperature\":0", "\"temperature\":0.7"),
            request("Why?"));

    assertThat(warm(gateway, file, "--concurrency", "1")).isZero();
    List<String> lines = output.lines().toList();
    assertThat(output).containsPattern("bypass +3").containsPattern("miss +2");
    assertThat(lines).filteredOn(line -> line.contains(" because ")).hasSize(3);
    // The commonest first.
    assertThat(lines.stream().filter(line -> line.contains(" because ")).findFirst().orElseThrow())
        .startsWith("2 x bypass because creative; ");
    assertThat(output)
        .contains("1 x miss because tool-calls; the answer asks for tools to be called")
        .containsPattern("1 x bypass because not-deterministic; .*--max-temperature");
  }

  @Test
  void inShadowModeStatisticsTellWhatLiveModeWouldDo() throws IOException {
    HashEmbedder embedder = new HashEmbedder();
    gateway.close();
    gateway =
        Gateway.builder(
                upstream.url(),
                CacheEngine.builder()
                    .semanticTier(HnswSemanticTier.builder(embedder.dimension()).build(), embedder)
                    .matcher(Matcher.threshold(0.9)))
            .port(0)
            .adminToken(TOKEN)
            .chatPolicy(CachePolicy.builder().mode(Mode.SHADOW).build())
            .start();
    Path file = file(request("Why?"), request("How?"));
    warm(gateway, file);
    warm(gateway, file);
    Eventually.that(
        "the fresh answers are compared",
        () -> {
          administer(StatsCommand::new, gateway);
          return output.contains("2 exact hits, of which");
        });

    assertThat(output)
        .containsPattern("requests +4 +100.0 %")
        .containsPattern("(?m)^exact hits +0 +0.0 %")
        .contains("shadow mode: nothing was served; live mode would have had")
        .containsPattern("  exact hits +2 +50.0 %")
        .containsPattern("of 4 lookups, and saved \\d+\\.\\d s of waiting, \\d+ \\+ \\d+ tokens")
        .contains("compared with the fresh answer: 0 semantic hits, of which 0 were wrong")
        .containsPattern("for the judge's own error: 2 exact hits, of which \\d differed");
    administer(StatsCommand::new, gateway, "--json");
    assertThat(output).containsPattern("\"lookups\" : 4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model\":           | :1: not valid JSON",
        "[1]                   | :1: expected one JSON object",
        "{\"url\":\"/v1/x\",\"body\":{}} | :1: url must be",
        "' '                   | has no requests",
      })
  void aFileThatIsNoneIsRefusedBeforeAnythingIsAsked(String line, String words) throws IOException {
    assertThat(warm(gateway, file(line))).isEqualTo(ExitStatus.INPUT);
    assertThat(errors).contains(words);
    assertThat(upstream.received()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"entries.jsonl", "entries.jsonl.gz"})
  void whatWasExportedIsAHitWhereItIsImported(String name) throws IOException {
    Path requests = file(request("Why?"), request("tools please"), request("json please"));
    warm(gateway, requests);
    Path entries = folder.resolve(name);

    assertThat(administer(ExportCommand::new, gateway, entries.toString())).isZero();
    assertThat(output).contains("Wrote 2 entries");
    try (Gateway other = gateway()) {
      assertThat(administer(ImportCommand::new, other, entries.toString())).isZero();
      assertThat(output).contains("Stored 2 entries; passed over 0");
      warm(other, requests);
      assertThat(output).containsPattern("hit-exact +2").containsPattern("miss +1");
    }
  }

  @Test
  void whatNoClientWouldFindIsRefused() throws IOException {
    Path requests = file(request("Why?"));
    warm(gateway, requests);
    warm(gateway, requests, "--api-key-env", "KEY");
    Path entries = folder.resolve("entries.jsonl");
    administer(ExportCommand::new, gateway, entries.toString());
    try (Gateway other = gateway("another secret of some length")) {
      assertThat(administer(ImportCommand::new, other, entries.toString()))
          .isEqualTo(ExitStatus.INPUT);
      assertThat(output)
          .contains("Stored 1 entries")
          .contains("1 that cannot be used")
          .containsPattern("entries.jsonl:[12]: its gateway had another scope secret");
      // The group's name is the scope: its members find it.
      warm(other, requests, "--api-key-env", "KEY");
      assertThat(output).containsPattern("hit-exact +1");
      warm(other, requests);
      assertThat(output).containsPattern("miss +1");
    }
  }

  @Test
  void aLineThatIsNoEntryIsNamedAndTheOthersAreImported() throws IOException {
    Path requests = file(request("Why?"));
    warm(gateway, requests);
    Path entries = folder.resolve("entries.jsonl");
    administer(ExportCommand::new, gateway, entries.toString());
    String good = Files.readString(entries).strip();
    String old = good.replaceAll("(storedAt|expiresAt)\":\"20", "$1\":\"19");
    Files.write(entries, List.of("{\"key\":1}", "no", good, "", old));
    try (Gateway other = gateway()) {
      assertThat(administer(ImportCommand::new, other, entries.toString()))
          .isEqualTo(ExitStatus.INPUT);
      assertThat(output)
          .contains("Stored 1 entries; passed over 1 that are expired, and 2 that cannot be used")
          .contains("entries.jsonl:1: tags must be an array")
          .contains("entries.jsonl:2: not valid JSON");
    }
  }

  @Test
  void statisticsAreForPeopleOrForPrograms() throws IOException {
    Path requests = file(request("Why?"));
    warm(gateway, requests);
    warm(gateway, requests);

    assertThat(administer(StatsCommand::new, gateway)).isZero();
    assertThat(output)
        .containsPattern("requests +2 +100.0 %")
        .containsPattern("exact hits +1 +50.0 %");
    assertThat(administer(StatsCommand::new, gateway, "--json")).isZero();
    assertThat(output).contains("\"exactHits\" : 1");
  }

  @Test
  void whoIsNoAdministratorIsToldWhatIsMissing() {
    String url = gateway.url().toString();

    assertThat(run(StatsCommand::new, "--gateway", url, "--admin-token", ""))
        .isEqualTo(ExitStatus.INPUT);
    assertThat(errors).contains("REPRISE_ADMIN_TOKEN");
    assertThat(run(StatsCommand::new, "--gateway", url, "--admin-token", "another"))
        .isEqualTo(ExitStatus.INPUT);
    assertThat(errors).contains("this is not the admin token of this gateway");
  }

  @Test
  void whereNoGatewayIsTheMessageSaysHowToStartOne() {
    String url = gateway.url().toString();
    gateway.close();

    assertThat(run(StatsCommand::new, "--gateway", url, "--admin-token", TOKEN))
        .isEqualTo(ExitStatus.INPUT);
    assertThat(errors).contains("./reprise serve");
  }

  @Test
  void oneOfTagDocumentScopeAndEntryIsNamed() {
    assertThat(administer(InvalidateCommand::new, gateway)).isEqualTo(2);
    assertThat(administer(InvalidateCommand::new, gateway, "--tag", "a", "--document", "b"))
        .isEqualTo(2);
    assertThat(administer(InvalidateCommand::new, gateway, "--entry", "xyz")).isEqualTo(2);
    assertThat(errors).contains("64 digits");
  }
}
