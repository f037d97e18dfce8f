package dev.reprise.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cli.io.ExitStatus;
import dev.reprise.cli.io.InputException;
import dev.reprise.cli.io.Terminal;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.Gateway;
import dev.reprise.gateway.ScriptedModelServer;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CurateCommandTest {
  private static final String TOKEN = "an admin token of some length";
  private static final String ONE =
      "{\"id\":\"one\",\"question\":\"Why?\",\"aliases\":[\"How come?\"],\"answer\":\"So.\","
          + "\"scope\":\"*\"}";
  private static final String TWO =
      "{\"id\":\"two\",\"question\":\"Where?\",\"answer\":\"Here.\",\"scope\":\"*\"}";

  @TempDir private Path folder;
  private ScriptedModelServer upstream;
  private Gateway gateway;
  private String output = "";
  private String errors = "";

  @BeforeEach
  void start() throws IOException {
    upstream = new ScriptedModelServer();
    gateway =
        Gateway.builder(upstream.url(), CacheEngine.builder()).port(0).adminToken(TOKEN).start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private int run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    CommandLine line =
        new CommandLine(
            new CurateCommand(
                new Terminal(
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    StandardCharsets.UTF_8,
                    false)));
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

  private int curate(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("--gateway", gateway.url().toString(), "--admin-token", TOKEN));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private String file(String... lines) throws IOException {
    return Files.write(folder.resolve("faq.jsonl"), List.of(lines)).toString();
  }

  @Test
  void aFileReplacesTheSetAndSaysWhatItDid() throws IOException {
    assertThat(curate(file(ONE, TWO), "--note", "first")).isZero();
    assertThat(output)
        .isEqualToIgnoringNewLines(
            "Version 1 is served now, with 2 entries: 2 added, 0 changed, 0 removed");
    assertThat(curate(file(ONE.replace("So.", "Because.")))).isZero();
    assertThat(output).contains("Version 2", "1 entry", "0 added, 1 changed, 1 removed");
    assertThat(curate(file(ONE.replace("So.", "Because.")))).isZero();
    assertThat(output).contains("Nothing changed: version 2 has 1 entry");
    assertThat(curate(file(TWO), "--add")).isZero();
    assertThat(output).contains("Version 3", "2 entries", "1 added");
    assertThat(curate("--versions")).isZero();
    assertThat(output.lines()).hasSize(3);
    assertThat(output).contains("2 entries", ": first");
    assertThat(curate("--rollback", "1")).isZero();
    assertThat(output).contains("Version 4", "0 added, 1 changed, 0 removed");
    assertThat(curate("--remove", "two")).isZero();
    assertThat(output).contains("Removed two");
    assertThat(curate("--remove", "two")).isEqualTo(ExitStatus.INPUT);
    assertThat(errors).contains("there is no curated entry two");
  }

  @Test
  void whatIsExportedCanBeImported() throws Exception {
    curate(file(ONE, TWO));
    assertThat(curate("--export")).isZero();
    String exported = output;
    assertThat(exported.lines()).hasSize(2);
    assertThat(curate(file(exported))).isZero();
    assertThat(output).contains("Nothing changed");
  }

  @Test
  void aCheckNeedsNoGateway() throws IOException {
    assertThat(run(file(ONE, TWO), "--check")).isZero();
    assertThat(output).contains("faq.jsonl is right: 2 entries with 1 alias");
    assertThat(run(file("{\"question\":\"Why?\",\"answer\":\"So.\"}"), "--check"))
        .isEqualTo(ExitStatus.INPUT);
    assertThat(errors).contains("faq.jsonl cannot be imported:", "line 1: \"scope\" is missing");
    assertThat(run(file("{\"question\":\"Why?\",\"answer\":\"So.\"}"), "--check", "--scope", "*"))
        .isZero();
  }

  @Test
  void whatIsWrongIsSaidAndNothingIsChanged() throws IOException {
    assertThat(curate(file("no json", TWO, "{}"))).isEqualTo(ExitStatus.INPUT);
    assertThat(errors).contains("line 1: this is no JSON", "line 3: \"question\" is missing");
    assertThat(curate(file("# nothing"))).isEqualTo(ExitStatus.INPUT);
    assertThat(errors).contains("has no entry");
    assertThat(curate("--rollback", "9")).isEqualTo(ExitStatus.INPUT);
    assertThat(errors).contains("version 9 of the curated answers is not kept");
    assertThat(curate("--approve", "x")).isEqualTo(ExitStatus.INPUT);
    assertThat(errors).contains("there is no proposal x");
    assertThat(curate("no-such-file.jsonl")).isEqualTo(ExitStatus.INPUT);
    assertThat(errors).contains("there is no file no-such-file.jsonl");
    assertThat(curate()).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(curate("--versions")).isZero();
    assertThat(output).contains("Nothing was imported yet");
    assertThat(curate("--proposals")).isZero();
    assertThat(output).contains("Nothing is proposed");
  }
}
