package dev.reprise.evaluate;

import static dev.reprise.evaluate.AngleEmbedder.cosine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.reprise.evaluate.Evaluator.Curves;
import dev.reprise.evaluate.LabelledPair.Label;
import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.Matcher;
import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import dev.reprise.testing.WordingMatcher;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class PairEvaluatorTest {
  private static final LabelledData.Pairs PAIRS =
      new LabelledData.Pairs(
          "pairs.tsv",
          List.of(
              pair("a 0", "b 5", Label.SAME),
              pair("a 0", "c 10", Label.OTHER),
              pair("a 0", "d 20", Label.SAME),
              pair("a 0", "e 40", Label.OTHER),
              pair("a 0", "f 60", Label.SAME),
              pair("a 0", "endless", Label.SAME)));

  private final AngleEmbedder embedder = new AngleEmbedder();

  @Test
  void countsHitsAndMissesByTheLabel() {
    Evaluation.OfPairs result = evaluate(PAIRS, threshold(cosine(30)));

    assertThat(result.tally()).isEqualTo(new Tally(6, 0, 0, 3, 1));
    assertThat(result.same()).isEqualTo(4);
    assertThat(result.recall()).isEqualTo(new Rate(2, 4));
    assertThat(result.falseHitRate()).isEqualTo(new Rate(1, 2));
    assertThat(result.tooLong()).isEqualTo(1);
    assertThat(result.wrong()).extracting(Example::asked).containsExactly("c 10");
    assertThat(result.missed()).extracting(Example::asked).containsExactly("f 60");
    assertThat(result.missed().get(0).verdict())
        .isEqualTo(
            new Verdict.Undecided(
                "cosine 0.500 is below 0.866, the least that this matcher looks at"));
  }

  @Test
  void embedsEachTextOnceForAllMatchers() {
    evaluator(Curves.DRAWN).evaluate(PAIRS, List.of(threshold(0.5), threshold(0.9)));
    assertThat(embedder.mostCalls()).isEqualTo(1);
  }

  @Test
  void aCurveHasEveryOperatingPointOfItsFamily() {
    DataEvaluation result =
        evaluator(Curves.DRAWN).evaluate(PAIRS, List.of(threshold(0.5), threshold(0.9)));

    assertThat(result.curves()).hasSize(1);
    Curve curve = result.curves().get(0);
    assertThat(curve.family()).isEqualTo("threshold");
    assertThat(curve.points()).hasSize(5);
    double[] angles = {5, 10, 20, 40, 60};
    double[] hits = {0.25, 0.25, 0.5, 0.5, 0.75};
    double[] wrong = {0, 0.5, 0.5, 1, 1};
    for (int i = 0; i < angles.length; i++) {
      Curve.Point point = curve.points().get(i);
      assertThat(point.leastConfidence()).isEqualTo(cosine(angles[i]), within(1e-6));
      assertThat(point.hits()).isEqualTo(hits[i]);
      assertThat(point.wrong()).isEqualTo(wrong[i]);
    }
  }

  @Test
  void whatNoBoundAcceptsIsOnNoCurve() {
    LabelledData.Pairs opposite =
        new LabelledData.Pairs(
            "pairs.tsv",
            List.of(pair("a 0", "b 20", Label.SAME), pair("a 0", "c 120", Label.OTHER)));
    Curve curve =
        evaluator(Curves.DRAWN).evaluate(opposite, List.of(threshold(0.5))).curves().get(0);
    assertThat(curve.points()).extracting(Curve.Point::wrong).containsExactly(0.0);
  }

  @Test
  void withoutCurvesThereAreNone() {
    assertThat(evaluator(Curves.LEFT_OUT).evaluate(PAIRS, List.of(threshold(0.5))).curves())
        .isEmpty();
  }

  /** The matcher learns from the stored question of a pair, and from no other pair. */
  @Test
  void eachPairIsForItself() {
    Map<Scope, String> learnt = new ConcurrentHashMap<>();
    Matcher matcher =
        new WordingMatcher() {
          @Override
          public MatchDecision decide(MatchCandidate candidate) {
            assertThat(learnt).containsEntry(candidate.scope(), candidate.cached());
            assertThat(candidate.rank()).isEqualTo(1);
            assertThat(candidate.around()).hasSize(1);
            return new MatchDecision.Reject(0.3, "never");
          }

          @Override
          public void stored(Scope scope, String question, Answer answer) {
            assertThat(learnt.put(scope, question)).isNull();
            assertThat(answer.text()).isEqualTo("the answer");
          }
        };
    Evaluation.OfPairs result = evaluate(PAIRS, new NamedMatcher("m", "m", matcher, matcher));
    assertThat(learnt).hasSize(6);
    assertThat(result.tally().hits()).isZero();
    assertThat(result.missed().get(0).verdict()).isEqualTo(new Verdict.Rejected(0.3, "never"));
  }

  @Test
  void examplesAreTheSurestEachOnce() {
    Examples examples = new Examples();
    for (int i = 0; i < 10_000; i++) {
      double confidence = (i * 7919 % 5000) / 5000.0;
      examples.add(
          new Example(
              "asked " + confidence, "", "cached", "", 0, new Verdict.Accepted(confidence)));
    }
    assertThat(examples.surest()).hasSize(Examples.MAXIMUM).doesNotHaveDuplicates();
    assertThat(examples.surest().get(0).verdict().confidenceOrNone()).isEqualTo(4999 / 5000.0);
    assertThat(examples.surest().get(24).verdict().confidenceOrNone()).isEqualTo(4975 / 5000.0);
  }

  static NamedMatcher threshold(double cosine) {
    return new NamedMatcher(
        "threshold:" + cosine, "threshold", Matcher.threshold(cosine), Matcher.threshold(-1));
  }

  private static LabelledPair pair(String cached, String query, Label label) {
    return new LabelledPair(cached, query, label, "the answer");
  }

  private Evaluator evaluator(Curves curves) {
    return Evaluator.of(embedder, curves, EvaluationProgress.none());
  }

  private Evaluation.OfPairs evaluate(LabelledData.Pairs data, NamedMatcher matcher) {
    return (Evaluation.OfPairs)
        evaluator(Curves.LEFT_OUT).evaluate(data, List.of(matcher)).evaluations().get(0);
  }
}
