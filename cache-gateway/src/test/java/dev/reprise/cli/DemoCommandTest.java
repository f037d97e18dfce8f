package dev.reprise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reprise.cli.demo.DemoCache;
import dev.reprise.cli.demo.DemoCommand;
import dev.reprise.cli.demo.QuestionFile;
import dev.reprise.cli.evaluate.CalibrateCommand;
import dev.reprise.cli.evaluate.EvaluateCommand;
import dev.reprise.cli.io.ExitStatus;
import dev.reprise.cli.io.InputException;
import dev.reprise.cli.io.JsonLines;
import dev.reprise.cli.io.Terminal;
import dev.reprise.cli.serve.ServeCommand;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.verify.OnnxVerifier;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class DemoCommandTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StringWriter err = new StringWriter();
  private DemoCache.Opener opener = FakeCache::new;

  @Test
  void asksTheBuiltInQuestionsAndCountsEachOnce(@TempDir Path folder) throws Exception {
    Path json = folder.resolve("result.json");
    int status = run("demo", "--no-progress", "--json", json.toString());

    assertThat(err.toString()).isEmpty();
    assertThat(status).isZero();
    int total = QuestionFile.builtIn().size();
    assertThat(output())
        .contains("SIMULATED", "an example of 2026-11-23", "Wrong answers served:", "hard pair")
        .contains("at the example prices")
        .doesNotContain("Asking");
    JsonNode result = JsonLines.MAPPER.readTree(Files.readString(json));
    assertThat(result.get("schema").intValue()).isEqualTo(1);
    assertThat(result.get("calls")).hasSize(total);
    int counted = 0;
    for (JsonNode row : result.get("outcomes")) {
      counted += row.get("count").intValue();
    }
    assertThat(counted).isEqualTo(total);
  }

  @Test
  void concurrentQuestionsAreAllAnswered() {
    assertThat(run("demo", "--concurrency", "8")).isZero();
    assertThat(output()).contains("8 at a time");
  }

  @Test
  void showsProgressInLinesWhereItIsNoTerminal() {
    assertThat(run("demo", "--limit", "8")).isZero();
    assertThat(output()).contains("Asking 2 of 8, ", "Asking 8 of 8, ");
  }

  @Test
  void asksAnybodysQuestions(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("mine.txt"), "Why?\nWhy?\nHow?\n");
    assertThat(run("demo", "--questions", file.toString())).isZero();
    assertThat(output())
        .contains("3 from " + file + ": 2 different ones, without labels")
        .contains("Wrong answers served: unknown: no labels");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--tiers hnsw               | --tiers hnsw: no exact tier",
        "--matcher 0.9              | --matcher 0.9: there is no such matcher",
        "--concurrency 0            | --concurrency is 0, but must be from 1 to 256",
        "--limit 0                  | --limit is 0, but must be from 1 to",
        "--price-input -1           | --price-input is -1.0, but must be from 0.0 to",
        "--upstream magic           | --upstream magic: there is no such upstream",
        "--upstream openai          | --upstream openai needs --model NAME",
        "--upstream openai --model m --api-key-env NONE | variable NONE is not set",
        "--upstream openai --model m --base-url localhost | must begin with http://",
        "--questions /none/such     | there is no file",
        "--limit many               | Invalid value for option '--limit'",
        "--colour red               | Unknown options",
      })
  void saysWhatIsWrongWithAnOption(String options, String message) {
    assertThat(run(("demo " + options).split(" "))).isEqualTo(ExitStatus.INPUT);
    assertThat(err.toString()).contains(message).doesNotContain("\tat ");
  }

  @Test
  void saysWhatToDoWhereAServerDoesNotAnswer() {
    opener =
        (settings, upstream) -> {
          throw new InputException("Redis does not answer at " + settings.servers().redis().url());
        };
    assertThat(run("demo", "--redis-url", "redis://h:1")).isEqualTo(ExitStatus.INPUT);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines("reprise: Redis does not answer at redis://h:1\n");
  }

  @Test
  void aDefectIsNamedAsOne() {
    opener =
        (settings, upstream) -> {
          throw new IllegalStateException("surprise");
        };
    assertThat(run("demo")).isEqualTo(ExitStatus.FAILURE);
    assertThat(err.toString()).contains("surprise", "REPRISE_DEBUG").doesNotContain("\tat ");
  }

  @Test
  void versionAndHelpSayWhatTheyShould() {
    assertThat(run("version")).isZero();
    assertThat(output()).matches("(?s)Reprise \\d+\\.\\d+.*Java .*");
    assertThat(run("help")).isZero();
    assertThat(output()).contains("demo", "evaluate", "calibrate", "bench", "version");
    assertThat(run()).isEqualTo(ExitStatus.INPUT);
    assertThat(err.toString()).contains("Name a command");
  }

  private int run(String... arguments) {
    Terminal terminal =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8), StandardCharsets.UTF_8, false);
    CommandLine line =
        Reprise.commandLine(
            terminal,
            List.of(
                new DemoCommand(
                    terminal,
                    Map.of("OPENAI_API_KEY", "none"),
                    opener,
                    duration -> {},
                    System::nanoTime),
                new EvaluateCommand(terminal, MiniLmEmbedder::load, OnnxVerifier::load),
                new CalibrateCommand(terminal, MiniLmEmbedder::load, OnnxVerifier::load),
                new ServeCommand(terminal, Map.of(), gateway -> {})));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  private String output() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
