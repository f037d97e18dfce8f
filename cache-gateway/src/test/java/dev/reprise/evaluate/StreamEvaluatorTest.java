package dev.reprise.evaluate;

import static dev.reprise.evaluate.AngleEmbedder.cosine;
import static dev.reprise.evaluate.PairEvaluatorTest.threshold;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reprise.evaluate.Evaluator.Curves;
import dev.reprise.match.Calibration;
import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.Matcher;
import dev.reprise.match.VerifiedMatcher;
import dev.reprise.match.Verifier;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import dev.reprise.testing.WordingMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StreamEvaluatorTest {
  private final AngleEmbedder embedder = new AngleEmbedder();

  @Test
  void missesAreStoredAndHitsAreNot() {
    Evaluation.OfStream result =
        evaluate(
            threshold(cosine(10.5)),
            arrival("x", "a 0"), // a miss
            arrival("x", "b 10"), // a hit, right; not stored
            arrival("x", "c 20"), // a miss: b is not there to be found
            arrival("y", "d 25"), // a hit of c, wrong
            arrival("x", "a 0"), // an exact hit
            arrival("z", "a 0"), // an exact hit, wrong
            arrival("x", "b 10"), // a hit again: it was never stored
            arrival("x", "e 40")); // a miss; c would have been right

    assertThat(result.tally()).isEqualTo(new Tally(8, 2, 1, 3, 1));
    assertThat(result.secondHalf()).isEqualTo(new Tally(4, 2, 1, 1, 0));
    assertThat(result.wrong()).hasSize(1);
    Example wrong = result.wrong().get(0);
    assertThat(wrong.asked()).isEqualTo("d 25");
    assertThat(wrong.askedLabel()).isEqualTo("y");
    assertThat(wrong.cached()).isEqualTo("c 20");
    assertThat(wrong.cachedLabel()).isEqualTo("x");
    assertThat(result.missed())
        .extracting(Example::asked, Example::cached)
        .containsExactlyInAnyOrder(tuple("c 20", "a 0"), tuple("e 40", "c 20"));
  }

  @Test
  void questionsBeyondTheWindowAreMissesAndExactRepeats() {
    Evaluation.OfStream result =
        evaluate(
            threshold(0),
            arrival("x", "endless 1"),
            arrival("x", "endless 2"),
            arrival("x", "endless 1"),
            arrival("x", "a 0"));
    assertThat(result.tally()).isEqualTo(new Tally(4, 1, 0, 0, 0));
    assertThat(result.tooLong()).isEqualTo(2);
  }

  @Test
  void scopesNeverMeet() {
    Evaluation.OfStream result =
        evaluate(
            threshold(0.9),
            new Arrival("tenant 1", "x", "a 0", ""),
            new Arrival("tenant 2", "x", "a 0", ""),
            new Arrival("tenant 2", "x", "b 1", ""),
            new Arrival("tenant 1", "x", "c 2", ""));
    assertThat(result.tally()).isEqualTo(new Tally(4, 0, 0, 2, 0));
  }

  /** The nearest candidate is asked about first; all that are near are known. */
  @Test
  void candidatesAreDecidedAboutAsInTheEngine() {
    List<String> decided = new ArrayList<>();
    Matcher matcher =
        candidate -> {
          decided.add(candidate.cached() + " is " + candidate.rank());
          assertThat(candidate.around())
              .hasSizeLessThanOrEqualTo(5)
              .isSortedAccordingTo(Comparator.reverseOrder());
          return candidate.cached().equals("c 30")
              ? new MatchDecision.Accept(0.5)
              : new MatchDecision.Reject(0.4, "not that one");
        };
    Evaluation.OfStream result =
        evaluate(
            new NamedMatcher("m", "m", matcher, matcher),
            arrival("x", "a 0"),
            arrival("x", "b 10"),
            arrival("x", "c 30"),
            arrival("x", "d 14"));
    assertThat(decided)
        .containsExactly("a 0 is 1", "b 10 is 1", "a 0 is 2", "b 10 is 1", "a 0 is 2", "c 30 is 3");
    assertThat(result.tally().hits()).isEqualTo(1);
  }

  /** What a matcher learns from a stored question counts for that question's own row, too. */
  @Test
  void aMatcherThatLearnsIsEmbeddedAnew() {
    Matcher matcher =
        new WordingMatcher() {
          private final Set<Scope> learnt = new HashSet<>();

          @Override
          public MatchDecision decide(MatchCandidate candidate) {
            return candidate.similarity().cosine() > 0.99
                ? new MatchDecision.Accept(candidate.similarity().cosine())
                : new MatchDecision.Reject(candidate.similarity().cosine(), "far");
          }

          @Override
          public String comparable(Scope scope, String question) {
            return learnt.contains(scope) ? question.replace("RAG", "retrieval 90") : question;
          }

          @Override
          public void stored(Scope scope, String question, Answer answer) {
            if (answer.text().contains("retrieval (RAG)")) {
              learnt.add(scope);
            }
          }
        };
    Evaluation.OfStream result =
        evaluate(
            new NamedMatcher("m", "m", matcher, matcher),
            new Arrival("", "rag", "what is RAG at 0", "It is retrieval (RAG)."),
            new Arrival("", "rag", "explain RAG at 0", ""));
    assertThat(result.tally().hits()).isEqualTo(1);
    assertThat(embedder.mostCalls()).isEqualTo(1);
  }

  /** For a matcher that goes by the cosine, each point is what it reaches there. */
  @Test
  void aPointOfTheCurveIsARunOfItsOwn() {
    LabelledData.Stream stream = random(400);
    DataEvaluation result =
        evaluator(Curves.DRAWN).evaluate(stream, List.of(threshold(0.99), threshold(0.9999)));
    assertThat(result.curves()).hasSize(1);
    List<Curve.Point> points = result.curves().get(0).points();
    assertThat(points.size()).isGreaterThan(5);
    for (Curve.Point point : points) {
      Evaluation reached =
          evaluator(Curves.LEFT_OUT)
              .evaluate(stream, List.of(threshold(point.leastConfidence())))
              .evaluations()
              .get(0);
      assertThat(point.hits()).isEqualTo(reached.operatingPoint().hits());
      assertThat(point.wrong()).isEqualTo(reached.operatingPoint().wrong());
    }
  }

  /** What is near is right here, but the calibration does not know it. */
  private static NamedMatcher cautious() {
    Verifier verifier =
        new Verifier() {
          @Override
          public Verdict verify(String asked, String cached, Similarity similarity) {
            return new Verdict.LogOdds(similarity.cosine() > cosine(3) ? 2 : -2);
          }

          @Override
          public Calibration calibration() {
            return new Calibration(
                0, 1, 0, List.of(new Calibration.Point(WrongAnswerBound.perLookup(0.05), 0.99)));
          }
        };
    // Its questions are told apart by numbers, which is what guards are for.
    Matcher matcher =
        VerifiedMatcher.builder(verifier)
            .bound(WrongAnswerBound.perLookup(0.05))
            .guards(List.of())
            .build();
    return new NamedMatcher("verified", "verified", matcher, matcher);
  }

  private static LabelledData.Stream circles() {
    Random random = new Random(5);
    List<Arrival> arrivals = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      int degree = random.nextInt(36) * 10;
      arrivals.add(arrival("label " + degree, "word" + i + " x " + (degree + random.nextDouble())));
    }
    return new LabelledData.Stream("circles.tsv", arrivals);
  }

  @Test
  void aMatcherThatLearnsInPlaceHitsMoreAndHoldsItsBound() {
    NamedMatcher matcher = cautious();
    Evaluation.OfStream before =
        (Evaluation.OfStream)
            evaluator(Curves.LEFT_OUT).evaluate(circles(), List.of(matcher)).evaluations().get(0);
    assertThat(before.tally().hits()).isZero();
    assertThat(before.risk()).isEmpty();
    for (double judgeError : new double[] {0, 0.02}) {
      Evaluator learning = evaluator(Curves.LEFT_OUT).learning(new InPlace(judgeError, 0.05, 1));
      Evaluation.OfStream after =
          (Evaluation.OfStream) learning.evaluate(circles(), List.of(matcher)).evaluations().get(0);
      assertThat(after.tally().hits()).isGreaterThan(2_000);
      assertThat(after.tally().wrongHits()).isLessThan(150);
      assertThat(after.risk()).isPresent();
      Evaluation.OfStream again =
          (Evaluation.OfStream) learning.evaluate(circles(), List.of(matcher)).evaluations().get(0);
      assertThat(again.tally()).as("each stream starts from nothing").isEqualTo(after.tally());
      assertThat(again.risk()).isEqualTo(after.risk());
    }
  }

  @Test
  void theResultIsTheSameEveryTime() {
    LabelledData.Stream stream = random(300);
    List<NamedMatcher> matchers = List.of(threshold(0.95), threshold(0.99), threshold(0.999));
    DataEvaluation first = evaluator(Curves.DRAWN).evaluate(stream, matchers);
    assertThat(evaluator(Curves.DRAWN).evaluate(stream, matchers)).isEqualTo(first);
  }

  private static LabelledData.Stream random(int size) {
    Random random = new Random(3);
    List<Arrival> arrivals = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int angle = random.nextInt(360_000);
      arrivals.add(
          arrival("label " + (angle + random.nextInt(500)) / 1_000, "q " + angle / 1_000.0));
    }
    return new LabelledData.Stream("stream.tsv", arrivals);
  }

  private static Arrival arrival(String label, String query) {
    return new Arrival("", label, query, "");
  }

  private Evaluator evaluator(Curves curves) {
    return Evaluator.of(embedder, curves, EvaluationProgress.none());
  }

  private Evaluation.OfStream evaluate(NamedMatcher matcher, Arrival... arrivals) {
    LabelledData.Stream stream = new LabelledData.Stream("stream.tsv", List.of(arrivals));
    return (Evaluation.OfStream)
        evaluator(Curves.LEFT_OUT).evaluate(stream, List.of(matcher)).evaluations().get(0);
  }
}
