package dev.reprise.evaluate;

import dev.reprise.embed.Vector;
import dev.reprise.match.MatchCandidate;
import dev.reprise.match.Matcher;
import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Measures matchers on pairs: one question is stored, the other asked, and nothing else. */
final class PairEvaluator {
  /** What became of one pair. */
  private record Decided(LabelledPair pair, double cosine, boolean fits, Verdict verdict) {
    boolean isSame() {
      return pair.label() == LabelledPair.Label.SAME;
    }

    boolean isHit() {
      return verdict instanceof Verdict.Accepted;
    }

    Example example() {
      return new Example(pair.query(), "", pair.cached(), "", cosine, verdict);
    }
  }

  private final LabelledData.Pairs data;
  private final EmbeddedTexts texts;
  private final EvaluationProgress progress;

  PairEvaluator(LabelledData.Pairs data, EmbeddedTexts texts, EvaluationProgress progress) {
    this.data = data;
    this.texts = texts;
    this.progress = progress;
  }

  DataEvaluation evaluate(List<NamedMatcher> matchers, Evaluator.Curves curves) {
    List<Evaluation> evaluations = new ArrayList<>();
    Map<String, Curve> drawn = new LinkedHashMap<>();
    for (NamedMatcher named : matchers) {
      List<Decided> decided = decide(named.name(), named.matcher());
      evaluations.add(evaluation(named.name(), decided));
      if (curves == Evaluator.Curves.DRAWN && !drawn.containsKey(named.family())) {
        List<Decided> widest =
            named.widest().equals(named.matcher())
                ? decided
                : decide("curve of " + named.family(), named.widest());
        drawn.put(named.family(), new Curve(named.family(), points(widest)));
      }
    }
    return new DataEvaluation(data, evaluations, List.copyOf(drawn.values()));
  }

  private List<Decided> decide(String name, Matcher matcher) {
    progress.begin(name, data.size());
    Decided[] decided = new Decided[data.size()];
    IntStream.range(0, data.size())
        .parallel()
        .forEach(
            i -> {
              // A scope of its own: what the matcher learns from one pair is no help in another.
              decided[i] = decide(data.pairs().get(i), Scope.of(name + "/" + i), matcher);
              progress.step();
            });
    return Arrays.asList(decided);
  }

  private Decided decide(LabelledPair pair, Scope scope, Matcher matcher) {
    Answer answer = Answer.ofText(pair.response());
    matcher.wording().stored(scope, pair.cached(), answer);
    Optional<Vector> cached = texts.vector(matcher.wording().comparable(scope, pair.cached()));
    Optional<Vector> asked = texts.vector(matcher.wording().comparable(scope, pair.query()));
    if (cached.isEmpty() || asked.isEmpty()) {
      return new Decided(
          pair, 0, false, new Verdict.Undecided("beyond the embedding model's window"));
    }
    Similarity similarity = asked.get().similarity(cached.get());
    Verdict verdict =
        Verdict.of(
            matcher, MatchCandidate.alone(scope, pair.query(), pair.cached(), answer, similarity));
    return new Decided(pair, similarity.cosine(), true, verdict);
  }

  private Evaluation evaluation(String name, List<Decided> decided) {
    Examples wrong = new Examples();
    Examples missed = new Examples();
    int hits = 0;
    int wrongHits = 0;
    int tooLong = 0;
    for (Decided one : decided) {
      if (one.isHit()) {
        hits++;
        if (!one.isSame()) {
          wrongHits++;
          wrong.add(one.example());
        }
      } else if (one.fits() && one.isSame()) {
        missed.add(one.example());
      }
      if (!one.fits()) {
        tooLong++;
      }
    }
    return new Evaluation.OfPairs(
        name,
        new Tally(decided.size(), 0, 0, hits, wrongHits),
        data.same(),
        tooLong,
        wrong.surest(),
        missed.surest());
  }

  /** Returns what comes of each least confidence. */
  private List<Curve.Point> points(List<Decided> decided) {
    List<Decided> sure =
        decided.stream()
            .filter(one -> one.verdict().confidenceOrNone() > Curve.LEAST)
            .sorted(
                Comparator.<Decided>comparingDouble(one -> one.verdict().confidenceOrNone())
                    .reversed())
            .toList();
    double same = Math.max(1, data.same());
    double other = Math.max(1, data.size() - data.same());
    CurvePoints points = new CurvePoints();
    int right = 0;
    int wrong = 0;
    for (int i = 0; i < sure.size(); i++) {
      if (sure.get(i).isSame()) {
        right++;
      } else {
        wrong++;
      }
      double confidence = sure.get(i).verdict().confidenceOrNone();
      if (i + 1 == sure.size() || sure.get(i + 1).verdict().confidenceOrNone() < confidence) {
        points.add(new Curve.Point(confidence, wrong / other, right / same));
      }
    }
    return points.thinned();
  }
}
