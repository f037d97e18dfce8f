package dev.reprise.cli.evaluate;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.cli.io.InputException;
import dev.reprise.cli.io.JsonLines;
import dev.reprise.evaluate.DataEvaluation;
import dev.reprise.evaluate.Evaluation;
import dev.reprise.evaluate.Evaluator;
import dev.reprise.evaluate.Rate;
import dev.reprise.evaluate.Tally;
import dev.reprise.match.RiskReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes an evaluation down for programs: one JSON object. */
final class EvaluationFile {
  /** The version of the object's form: {@value}. */
  static final int SCHEMA = 1;

  private EvaluationFile() {}

  /** Writes {@code results} to {@code file}, in place of what is there. */
  static void write(Path file, EvaluationSetup setup, List<DataEvaluation> results) {
    try {
      Files.writeString(file, json(setup, results), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new InputException("cannot write " + file + ": " + e, e);
    }
  }

  /** Returns {@code results} as JSON. */
  static String json(EvaluationSetup setup, List<DataEvaluation> results) throws IOException {
    ObjectNode root = JsonLines.MAPPER.createObjectNode();
    root.put("schema", SCHEMA);
    ObjectNode made = root.putObject("setup");
    made.put("version", setup.version());
    made.put("java", setup.java());
    made.put("embedder", setup.embedder());
    made.put("candidates", Evaluator.CANDIDATES);
    made.put("seed", setup.order().seed());
    if (setup.order().limit().isPresent()) {
      made.put("limit", setup.order().limit().getAsInt());
    } else {
      made.putNull("limit");
    }
    made.put("shuffle", setup.order().shuffle());
    if (setup.inPlace().isPresent()) {
      ObjectNode learning = made.putObject("learning");
      learning.put("judgeError", setup.inPlace().get().judgeError());
      learning.put("checked", setup.inPlace().get().checked());
    } else {
      made.putNull("learning");
    }
    made.put("interval", "Wilson score");
    made.put("confidence", Rate.CONFIDENCE);
    ArrayNode rows = root.putArray("results");
    for (DataEvaluation result : results) {
      for (Evaluation evaluation : result.evaluations()) {
        row(rows.addObject(), result.data().name(), evaluation);
      }
    }
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
    return JsonLines.MAPPER.writer(printer).writeValueAsString(root) + "\n";
  }

  private static void row(ObjectNode row, String file, Evaluation evaluation) {
    row.put("file", file);
    row.put("kind", evaluation instanceof Evaluation.OfPairs ? "pairs" : "stream");
    row.put("matcher", evaluation.matcher());
    tally(row, evaluation.tally());
    row.put("tooLong", evaluation.tooLong());
    if (evaluation instanceof Evaluation.OfPairs pairs) {
      row.put("same", pairs.same());
      rate(row, "recall", pairs.recall());
      rate(row, "falseHitRate", pairs.falseHitRate());
    } else if (evaluation instanceof Evaluation.OfStream stream) {
      exact(row, stream.tally());
      ObjectNode half = row.putObject("secondHalf");
      tally(half, stream.secondHalf());
      exact(half, stream.secondHalf());
      stream.risk().ifPresent(risk -> risk(row.putObject("learnt"), risk));
    }
  }

  private static void risk(ObjectNode node, RiskReport risk) {
    node.put("leastConfidence", risk.point().leastConfidence());
    node.put("origin", risk.point().origin().name());
    node.put("calibratedLeastConfidence", risk.calibrated().leastConfidence());
    node.put("judged", risk.judged());
    ObjectNode estimate = node.putObject("wrongPerLookup");
    estimate.put("value", risk.wrongPerLookup().value());
    estimate.put("low", risk.wrongPerLookup().low());
    estimate.put("high", risk.wrongPerLookup().high());
  }

  private static void tally(ObjectNode node, Tally tally) {
    node.put("lookups", tally.lookups());
    node.put("hits", tally.hits());
    node.put("wrongHits", tally.wrongHits());
    rate(node, "hitRate", tally.hitRate());
    rate(node, "wrongPerLookup", tally.wrongPerLookup());
    rate(node, "wrongPerHit", tally.wrongPerHit());
  }

  private static void exact(ObjectNode node, Tally tally) {
    node.put("exactHits", tally.exactHits());
    node.put("wrongExactHits", tally.wrongExactHits());
  }

  private static void rate(ObjectNode node, String name, Rate rate) {
    ObjectNode written = node.putObject(name);
    if (rate.value().isPresent()) {
      written.put("value", rate.value().getAsDouble());
    } else {
      written.putNull("value");
    }
    written.put("low", rate.low());
    written.put("high", rate.high());
  }
}
