package dev.reprise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reprise.cli.demo.Answers;
import dev.reprise.cli.demo.DemoCommand;
import dev.reprise.cli.demo.DemoQuestion;
import dev.reprise.cli.demo.EngineDemoCache;
import dev.reprise.cli.demo.QuestionFile;
import dev.reprise.cli.evaluate.CalibrateCommand;
import dev.reprise.cli.evaluate.EvaluateCommand;
import dev.reprise.cli.io.JsonLines;
import dev.reprise.cli.io.Terminal;
import dev.reprise.cli.serve.ServeCommand;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.verify.OnnxVerifier;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole demo on the embedded tiers; only the simulated model's waiting is left out. */
class DemoOnEmbeddedTiersTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void everyQuestionIsAnsweredAndWhatMustHitHits(@TempDir Path folder) throws Exception {
    Path json = folder.resolve("result.json");
    assertThat(run("demo", "--no-progress", "--json", json.toString()))
        .as(out.toString(StandardCharsets.UTF_8))
        .isZero();

    JsonNode result = JsonLines.MAPPER.readTree(Files.readString(json));
    List<DemoQuestion> questions = QuestionFile.builtIn();
    Answers answers = Answers.builtIn();
    List<JsonNode> calls = new ArrayList<>();
    result.get("calls").forEach(calls::add);
    assertThat(calls).hasSameSizeAs(questions);
    int counted = 0;
    for (JsonNode row : result.get("outcomes")) {
      counted += row.get("count").intValue();
    }
    assertThat(counted).isEqualTo(questions.size());

    Set<DemoQuestion> computed = new HashSet<>();
    int repeats = 0;
    for (int i = 0; i < questions.size(); i++) {
      DemoQuestion question = questions.get(i);
      String outcome = calls.get(i).get("outcome").textValue();
      String label = ((DemoQuestion.Label.Known) question.label()).name();
      assertThat(outcome).as(question.text()).isNotEqualTo("failure");
      if (answers.changes(label) || question.temperature() > 0) {
        assertThat(outcome).as(question.text()).isEqualTo("bypass");
      }
      if (computed.contains(withoutNumber(question))) {
        repeats++;
        assertThat(outcome).as(question.text()).isEqualTo("exact-hit");
      }
      if (outcome.equals("miss")) {
        computed.add(withoutNumber(question));
      }
    }
    assertThat(repeats).isGreaterThan(50);
    assertThat(count(result, "semantic-hit")).isGreaterThan(10);
    assertThat(result.get("audit").get("unjudgedHits").intValue()).isZero();
    assertThat(result.get("audit").get("wrong").intValue()).isZero();
    assertThat(result.get("troubles")).isEmpty();
  }

  @Test
  void concurrentQuestionsAreAllAnswered(@TempDir Path folder) throws Exception {
    Path json = folder.resolve("result.json");
    assertThat(run("demo", "--no-progress", "--concurrency", "16", "--json", json.toString()))
        .isZero();
    JsonNode result = JsonLines.MAPPER.readTree(Files.readString(json));
    assertThat(count(result, "failure")).isZero();
    assertThat(count(result, "exact-hit")).isPositive();
  }

  private static int count(JsonNode result, String outcome) {
    int count = 0;
    for (JsonNode row : result.get("outcomes")) {
      if (row.get("outcome").textValue().equals(outcome)) {
        count += row.get("count").intValue();
      }
    }
    return count;
  }

  private static DemoQuestion withoutNumber(DemoQuestion question) {
    return new DemoQuestion(
        0,
        question.text(),
        question.label(),
        question.useCase(),
        question.documents(),
        question.temperature(),
        question.system());
  }

  private int run(String... arguments) {
    Terminal terminal =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8), StandardCharsets.UTF_8, false);
    return Reprise.commandLine(
            terminal,
            List.of(
                new DemoCommand(
                    terminal, Map.of(), EngineDemoCache::open, duration -> {}, System::nanoTime),
                new EvaluateCommand(terminal, MiniLmEmbedder::load, OnnxVerifier::load),
                new CalibrateCommand(terminal, MiniLmEmbedder::load, OnnxVerifier::load),
                new ServeCommand(terminal, Map.of(), gateway -> {})))
        .execute(arguments);
  }
}
