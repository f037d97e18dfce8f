package dev.reprise.cli.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.samskivert.mustache.Mustache;
import dev.reprise.cli.io.InputException;
import dev.reprise.cli.io.JsonLines;
import dev.reprise.cli.io.Resources;
import dev.reprise.cli.io.Version;
import dev.reprise.evaluate.Curve;
import dev.reprise.evaluate.DataEvaluation;
import dev.reprise.evaluate.Evaluation;
import dev.reprise.evaluate.Example;
import dev.reprise.evaluate.LabelledData;
import dev.reprise.evaluate.NamedMatcher;
import dev.reprise.evaluate.Rate;
import dev.reprise.evaluate.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes an evaluation down as one page that needs nothing else: the chart library is inside. The
 * template escapes every value, but for the library and the chart's data, whose JSON is written so
 * that it cannot end the element it stands in.
 */
final class EvaluationPage {
  private static final String TEMPLATE = "evaluation.html";
  private static final String LIBRARY = "/META-INF/resources/webjars/chart.js/";
  private static final String SCRIPT = "/dist/chart.umd.min.js";
  private static final String SOURCE_MAP = "//# sourceMappingURL=";

  private final List<NamedMatcher> matchers;

  private EvaluationPage(List<NamedMatcher> matchers) {
    this.matchers = matchers;
  }

  /** Writes {@code results} to {@code file}, in place of what is there. */
  static void write(
      Path file, EvaluationSetup setup, List<NamedMatcher> matchers, List<DataEvaluation> results) {
    try {
      Files.writeString(file, html(setup, matchers, results), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new InputException("cannot write " + file + ": " + e, e);
    }
  }

  /** Returns {@code results} as a page. */
  static String html(
      EvaluationSetup setup, List<NamedMatcher> matchers, List<DataEvaluation> results) {
    EvaluationPage page = new EvaluationPage(matchers);
    List<Map<String, Object>> sections = new ArrayList<>();
    for (DataEvaluation result : results) {
      sections.add(page.section("data-" + (sections.size() + 1), result));
    }
    String library = LIBRARY + Version.properties().getProperty("chart.js.version");
    return Mustache.compiler()
        .strictSections(true)
        .compile(Resources.text(TEMPLATE))
        .execute(
            Map.of(
                "setup",
                setup.lines(),
                "sections",
                sections,
                "library",
                script(resource(library + SCRIPT)),
                "licence",
                resource(library + "/LICENSE.md").strip()));
  }

  private Map<String, Object> section(String id, DataEvaluation result) {
    LabelledData data = result.data();
    boolean pairs = data instanceof LabelledData.Pairs;
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("id", id);
    section.put("name", Path.of(data.name()).getFileName().toString());
    section.put("path", data.name());
    section.put("pairs", pairs);
    section.put("size", number(data.size()));
    section.put("same", data instanceof LabelledData.Pairs given ? number(given.same()) : "");
    section.put("rows", result.evaluations().stream().map(EvaluationPage::row).toList());
    section.put("chart", chart(result, pairs));
    section.put(
        "matchers",
        result.evaluations().stream()
            .map(
                evaluation ->
                    Map.of(
                        "matcher",
                        evaluation.matcher(),
                        "wrongHits",
                        number(evaluation.tally().wrongHits()),
                        "noWrong",
                        evaluation.wrong().isEmpty(),
                        "wrong",
                        examples(evaluation.wrong()),
                        "noMissed",
                        evaluation.missed().isEmpty(),
                        "missed",
                        examples(evaluation.missed())))
            .toList());
    return section;
  }

  private static Map<String, Object> row(Evaluation evaluation) {
    List<Map<String, Object>> cells = new ArrayList<>();
    String exact = "";
    if (evaluation instanceof Evaluation.OfPairs pairs) {
      cells.add(cell(pairs.recall()));
      cells.add(cell(pairs.falseHitRate()));
    } else if (evaluation instanceof Evaluation.OfStream stream) {
      exact = number(stream.tally().exactHits());
      cells.add(cell(stream.tally().hitRate()));
    }
    cells.add(cell(evaluation.tally().wrongPerLookup()));
    cells.add(cell(evaluation.tally().wrongPerHit()));
    if (evaluation instanceof Evaluation.OfStream stream) {
      cells.add(cell(stream.secondHalf().wrongPerLookup()));
    }
    return Map.of("matcher", evaluation.matcher(), "exact", exact, "cells", cells);
  }

  private static Map<String, Object> cell(Rate rate) {
    return Map.of("value", RateFormat.value(rate), "interval", RateFormat.interval(rate, true));
  }

  private static List<Map<String, Object>> examples(List<Example> examples) {
    return examples.stream()
        .map(
            example ->
                Map.<String, Object>of(
                    "asked", example.asked(),
                    "askedLabel", example.askedLabel(),
                    "cached", example.cached(),
                    "cachedLabel", example.cachedLabel(),
                    "cosine", decimal(example.cosine()),
                    "confidence", confidence(example.verdict()),
                    "why", why(example.verdict())))
        .toList();
  }

  private static String confidence(Verdict verdict) {
    double confidence = verdict.confidenceOrNone();
    return Double.isFinite(confidence) ? decimal(confidence) : "-";
  }

  private static String why(Verdict verdict) {
    if (verdict instanceof Verdict.Rejected rejected) {
      return rejected.why();
    }
    return verdict instanceof Verdict.Undecided undecided ? undecided.why() : "";
  }

  /** Returns the chart's data as JSON in which no "<" is written out. */
  private String chart(DataEvaluation result, boolean pairs) {
    ObjectNode chart = JsonLines.MAPPER.createObjectNode();
    chart.put(
        "wrong", pairs ? "wrong hits, of the pairs that differ" : "wrong hits, of all lookups");
    chart.put("hits", pairs ? "hits, of the pairs that are the same" : "hits, of all lookups");
    ArrayNode curves = chart.putArray("curves");
    for (Curve curve : result.curves()) {
      ObjectNode node = curves.addObject();
      node.put("family", curve.family());
      ArrayNode points = node.putArray("points");
      for (Curve.Point point : curve.points()) {
        points
            .addArray()
            .add(rounded(point.wrong()))
            .add(rounded(point.hits()))
            .add(rounded(point.leastConfidence()));
      }
    }
    ArrayNode marks = chart.putArray("marks");
    for (int i = 0; i < result.evaluations().size(); i++) {
      Evaluation evaluation = result.evaluations().get(i);
      ObjectNode node = marks.addObject();
      node.put("matcher", evaluation.matcher());
      node.put("family", matchers.get(i).family());
      node.put("wrong", evaluation.operatingPoint().wrong());
      node.put("hits", evaluation.operatingPoint().hits());
    }
    try {
      return JsonLines.MAPPER.writeValueAsString(chart).replace("<", "\\u003c");
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the library's text without the mention of a file that is not there. */
  private static String script(String text) {
    int end = text.indexOf(SOURCE_MAP);
    return (end < 0 ? text : text.substring(0, end)).strip();
  }

  private static String resource(String path) {
    try (InputStream stream = EvaluationPage.class.getResourceAsStream(path)) {
      if (stream == null) {
        throw new IllegalStateException("resource " + path + " is missing from the class path");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double rounded(double value) {
    return Math.round(value * 1e5) / 1e5;
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static String number(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
