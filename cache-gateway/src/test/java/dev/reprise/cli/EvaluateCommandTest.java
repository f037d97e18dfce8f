package dev.reprise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reprise.cli.demo.DemoCommand;
import dev.reprise.cli.evaluate.CalibrateCommand;
import dev.reprise.cli.evaluate.EvaluateCommand;
import dev.reprise.cli.io.ExitStatus;
import dev.reprise.cli.io.JsonLines;
import dev.reprise.cli.io.Terminal;
import dev.reprise.cli.serve.ServeCommand;
import dev.reprise.embed.Embedder;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.evaluate.AngleEmbedder;
import dev.reprise.match.Calibration;
import dev.reprise.match.Verifier;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.Similarity;
import dev.reprise.verify.CalibrationJson;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class EvaluateCommandTest {
  private static final Path SAMPLES = Path.of("..", "examples", "data");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StringWriter err = new StringWriter();
  private Supplier<Embedder> embedders = AngleEmbedder::new;

  /** Is sure where both texts begin with the same letter. */
  private final Verifier verifier =
      new Verifier() {
        @Override
        public Verdict verify(String asked, String cached, Similarity similarity) {
          return new Verdict.LogOdds(asked.charAt(0) == cached.charAt(0) ? 5 : -5);
        }

        @Override
        public Calibration calibration() {
          return new Calibration(
              0,
              1,
              0,
              List.of(
                  new Calibration.Point(WrongAnswerBound.perLookup(0.01), 0.9),
                  new Calibration.Point(WrongAnswerBound.perHit(0.05), 0.999)));
        }
      };

  @TempDir private Path folder;

  /** What docs/EVALUATING.md tells people to try, with the real embedder. */
  @Test
  void evaluatesTheSamples() throws Exception {
    embedders = MiniLmEmbedder::load;
    Path json = folder.resolve("figures.json");
    Path page = folder.resolve("page.html");
    int status =
        run(
            "--pairs "
                + SAMPLES.resolve("pairs.tsv")
                + " --stream "
                + SAMPLES.resolve("stream.jsonl")
                + " --matcher threshold:0.85 --matcher threshold:0.95"
                + " --json "
                + json
                + " --report "
                + page);

    assertThat(err.toString()).isEmpty();
    assertThat(status).isZero();
    assertThat(output())
        .contains("32 pairs, 17 of them the same question", "a stream of 36")
        .contains("all-minilm-l6-v2-int8", "The figures are in", "The page is")
        .contains("pairs.tsv: threshold:0.85 16 of 32", "stream.jsonl: Asking 36 of 72");
    JsonNode results = JsonLines.MAPPER.readTree(Files.readString(json)).get("results");
    assertThat(results).hasSize(4);
    JsonNode loose = results.get(0);
    JsonNode strict = results.get(1);
    assertThat(loose.get("matcher").textValue()).isEqualTo("threshold:0.85");
    assertThat(strict.get("matcher").textValue()).isEqualTo("threshold:0.95");
    assertThat(loose.get("recall").get("value").doubleValue())
        .isGreaterThan(strict.get("recall").get("value").doubleValue());
    // A cosine knows nothing of negations and numbers: that is what the samples show.
    assertThat(strict.get("wrongHits").intValue()).isPositive();
    for (JsonNode stream : new JsonNode[] {results.get(2), results.get(3)}) {
      assertThat(stream.get("lookups").intValue()).isEqualTo(36);
      assertThat(stream.get("exactHits").intValue()).isBetween(1, 3);
      assertThat(stream.get("hits").intValue()).isPositive();
    }
    assertThat(Files.readString(page))
        .contains("How do I turn off dark mode?", "what to look at", "Chart.js v");
  }

  @Test
  void verifiedMatchersOfAnyBoundShareACurve() throws Exception {
    Path json = folder.resolve("figures.json");
    Path page = folder.resolve("page.html");
    Path file =
        Files.writeString(
            folder.resolve("pairs.tsv"),
            """
            cached\tquery\tsame
            swim far\tswim far away\t1
            swim far\tjog far away\t0
            swim far\tpaddle far away\t1
            """);
    assertThat(
            run(
                "--no-progress --matcher verified:0.01 --matcher verified-per-hit:0.05 --pairs "
                    + file
                    + " --json "
                    + json
                    + " --report "
                    + page))
        .isZero();
    JsonNode results = JsonLines.MAPPER.readTree(Files.readString(json)).get("results");
    assertThat(results.get(0).get("hits").intValue()).isEqualTo(1);
    assertThat(results.get(0).get("wrongHits").intValue()).isZero();
    assertThat(results.get(1).get("hits").intValue()).isZero();
    assertThat(Files.readString(page))
        .containsOnlyOnce("{\"family\":\"verified\",\"points\"")
        .contains("is enough for 5 % wrong per hit");
  }

  @Test
  void theDefaultIsTheEnginesMatcher() throws Exception {
    assertThat(run("--stream " + stream(3))).isZero();
    assertThat(output()).contains("verified:0.01 ").doesNotContain("The page is");
  }

  @Test
  void aMatcherThatIsNamedTwiceIsMeasuredOnce() throws Exception {
    assertThat(run("--stream " + stream(3) + " --matcher threshold:0.9 --matcher threshold:0.9"))
        .isZero();
    assertThat(output().split("threshold:0.9 ", -1)).hasSize(2);
  }

  @Test
  void aLimitTakesTheFirstOfAStreamAndASampleOfPairs() throws Exception {
    StringBuilder text = new StringBuilder("cached\tquery\tsame\n");
    for (int i = 0; i < 1000; i++) {
      text.append("a 0\tb ").append(i).append('\t').append(i < 500 ? 1 : 0).append('\n');
    }
    Path pairs = Files.writeString(folder.resolve("pairs.tsv"), text);
    assertThat(
            run("--no-progress --limit 100 --seed 4 --pairs " + pairs + " --stream " + stream(200)))
        .isZero();
    assertThat(output())
        .contains("100 pairs, ", "a stream of 100", "at most 100 a file; pairs drawn with seed 4")
        .doesNotContain("100 pairs, 100 of them", " 50 of 100");
    String first = output();
    out.reset();
    run("--no-progress --limit 100 --seed 4 --pairs " + pairs + " --stream " + stream(200));
    assertThat(output()).isEqualTo(first);
  }

  @Test
  void shufflesStreamsWhereAskedTo() throws Exception {
    assertThat(run("--no-progress --shuffle --seed 9 --stream " + stream(50))).isZero();
    assertThat(output()).contains("streams shuffled with seed 9");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                             | name what to evaluate on: --pairs FILE or --stream FILE",
        "--pairs /none/such             | there is no file",
        "--stream OK --matcher cosine   | --matcher cosine: there is no such matcher; use",
        "--stream OK --matcher threshold:2 | --matcher threshold:2: use threshold:COSINE with a"
            + " number",
        "--stream OK --limit 0          | --limit is 0, but must be from 1 to",
        "--stream OK --json /none/such  | --json /none/such: there is no folder /none",
        "--stream OK --report /         | --report /",
        "--stream                       | --stream",
        "--pairs OK                     | this is a file for --stream",
        "--unlearn                      | Unknown option",
      })
  void saysWhatIsWrongBeforeItBegins(String options, String message) throws Exception {
    embedders =
        () -> {
          throw new AssertionError("the work has begun");
        };
    assertThat(run(options.replace("OK", stream(2).toString()))).isEqualTo(ExitStatus.INPUT);
    assertThat(err.toString()).contains(message).doesNotContain("\tat ");
    assertThat(output()).isEmpty();
  }

  /** What is calibrated on a log is what an evaluation then goes by. */
  @Test
  void calibratesTheVerifierOnAStream() throws Exception {
    StringBuilder text = new StringBuilder("label\tquery\n");
    for (int i = 0; i < 400; i++) {
      // Animals of one first letter are one question, but for the last ones.
      String letter = i % 2 == 0 ? "b" : "c";
      String label = i >= 396 ? "other " + i : letter;
      text.append(label).append('\t').append(letter).append(word(i)).append(" runs\n");
    }
    Path file = Files.writeString(folder.resolve("log.tsv"), text);
    Path calibration = folder.resolve("calibration.json");

    assertThat(run("calibrate", "--no-progress --stream " + file + " --output " + calibration))
        .as(err.toString())
        .isZero();

    assertThat(output()).contains("400 lookups", "is held from a probability of");
    Calibration fitted = CalibrationJson.read(Files.readString(calibration));
    assertThat(fitted.scale()).isPositive();
    assertThat(fitted.leastConfidence(WrongAnswerBound.perLookup(0.05))).isPresent();
    assertThat(fitted.leastConfidence(WrongAnswerBound.perLookup(0.001))).isEmpty();
    out.reset();
    assertThat(
            run(
                "--no-progress --matcher verified:0.05 --calibration "
                    + calibration
                    + " --stream "
                    + file))
        .as(err.toString())
        .isZero();
    assertThat(output()).contains("verified:0.05");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--stream OK | Missing required option: '--output=FILE'",
        "--output OUT | name what to calibrate on",
        "--stream OK --output /none/such | --output /none/such: there is no folder /none",
        "--stream OK --output OUT | these questions are too few to calibrate on: ",
        "--stream OK --output OUT --verifier /none/such | --verifier /none/such: cannot read",
        "--stream OK --output OUT --calibration OK | --calibration ",
      })
  void saysWhyItCannotCalibrate(String options, String message) throws Exception {
    Path output = folder.resolve("calibration.json");
    assertThat(
            run(
                "calibrate",
                options.replace("OK", stream(2).toString()).replace("OUT", output.toString())))
        .isEqualTo(ExitStatus.INPUT);
    assertThat(err.toString()).contains(message).doesNotContain("\tat ");
    assertThat(output).doesNotExist();
  }

  private static String word(int number) {
    return Integer.toString(number, 26)
        .chars()
        .map(digit -> Character.isDigit(digit) ? 'a' + digit - '0' : digit + 10)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private Path stream(int size) throws Exception {
    StringBuilder text = new StringBuilder("label\tquery\n");
    for (int i = 0; i < size; i++) {
      text.append("label\tq ").append(i).append('\n');
    }
    return Files.writeString(folder.resolve("stream.tsv"), text);
  }

  private int run(String options) {
    return run("evaluate", options);
  }

  private int run(String command, String options) {
    Terminal terminal =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8), StandardCharsets.UTF_8, false);
    CommandLine line =
        Reprise.commandLine(
            terminal,
            List.of(
                new DemoCommand(
                    terminal, Map.of(), FakeCache::new, duration -> {}, System::nanoTime),
                new EvaluateCommand(terminal, embedders, () -> verifier),
                new CalibrateCommand(terminal, embedders, () -> verifier),
                new ServeCommand(terminal, Map.of(), gateway -> {})));
    line.setErr(new PrintWriter(err, true));
    return line.execute((command + " " + options).strip().split(" +"));
  }

  private String output() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void matchersLearnInPlaceWhereTheyAreTold() throws Exception {
    Path json = folder.resolve("figures.json");
    Path stream = folder.resolve("stream.tsv");
    Files.writeString(stream, "label\tquery\nx\ta 0\nx\ta one 0\ny\tb 90\n");
    String rest = " --stream " + stream + " --matcher verified:0.01 --json " + json;
    assertThat(run("--learn --judge-error 0.1 --check 0.5" + rest)).isZero();
    assertThat(output()).contains("the judge is wrong about 0.1 of them");
    JsonNode figures = JsonLines.MAPPER.readTree(json.toFile());
    assertThat(figures.at("/setup/learning/judgeError").asDouble()).isEqualTo(0.1);
    assertThat(figures.at("/results/0/learnt/origin").asText()).isEqualTo("CALIBRATED");
    assertThat(run("--stream " + stream + " --matcher verified:0.01 --json " + json)).isZero();
    figures = JsonLines.MAPPER.readTree(json.toFile());
    assertThat(figures.at("/setup/learning").isNull()).isTrue();
    assertThat(figures.at("/results/0/learnt").isMissingNode()).isTrue();
    assertThat(run("--learn --judge-error 0.7" + rest)).isNotZero();
    assertThat(err.toString()).contains("judge error").contains("0.5");
  }
}
