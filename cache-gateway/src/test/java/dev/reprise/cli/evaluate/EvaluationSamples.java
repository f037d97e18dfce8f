package dev.reprise.cli.evaluate;

import dev.reprise.evaluate.Arrival;
import dev.reprise.evaluate.Curve;
import dev.reprise.evaluate.DataEvaluation;
import dev.reprise.evaluate.Evaluation;
import dev.reprise.evaluate.Example;
import dev.reprise.evaluate.LabelledData;
import dev.reprise.evaluate.LabelledPair;
import dev.reprise.evaluate.LabelledPair.Label;
import dev.reprise.evaluate.NamedMatcher;
import dev.reprise.evaluate.Tally;
import dev.reprise.evaluate.Verdict;
import dev.reprise.match.Matcher;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** An evaluation with fixed numbers. */
final class EvaluationSamples {
  /** What would do harm if it were written as it is. */
  static final String NASTY = "</script><img src=x onerror=\"alert('1')\">&amp; {{name}}";

  static final EvaluationSetup SETUP =
      new EvaluationSetup(
          "Reprise 1.2.3",
          "Java 17",
          "made-up",
          new EvaluationSetup.RowOrder(OptionalInt.of(100), 7, false),
          Optional.empty());

  static final NamedMatcher MATCHER =
      new NamedMatcher(
          "threshold:0.92", "threshold", Matcher.threshold(0.92), Matcher.threshold(-1));

  private EvaluationSamples() {}

  /** On pairs and on a stream. */
  static List<DataEvaluation> results() {
    return List.of(
        new DataEvaluation(
            new LabelledData.Pairs(
                "folder/pairs.tsv",
                Stream.concat(pairs(40, Label.SAME), pairs(60, Label.OTHER)).toList()),
            List.of(
                new Evaluation.OfPairs(
                    "threshold:0.92",
                    new Tally(100, 0, 0, 30, 10),
                    40,
                    2,
                    List.of(example(new Verdict.Accepted(0.97))),
                    List.of(example(new Verdict.Rejected(0.91, "a < b"))))),
            List.of(new Curve(NASTY, List.of(new Curve.Point(0.99, 0, 0.1))))),
        new DataEvaluation(
            new LabelledData.Stream(
                "folder/stream.tsv", Collections.nCopies(1000, new Arrival("", "x", "a", ""))),
            List.of(
                new Evaluation.OfStream(
                    "threshold:0.92",
                    new Tally(1000, 10, 1, 0, 0),
                    new Tally(500, 7, 1, 0, 0),
                    0,
                    List.of(),
                    List.of(),
                    Optional.empty())),
            List.of()));
  }

  private static Stream<LabelledPair> pairs(int count, Label label) {
    return Collections.nCopies(count, new LabelledPair("a", "b", label, "")).stream();
  }

  private static Example example(Verdict verdict) {
    return new Example(NASTY, "label 1", "cached", "label 2", 0.93, verdict);
  }
}
