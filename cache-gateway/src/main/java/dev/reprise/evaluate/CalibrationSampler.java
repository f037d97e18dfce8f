package dev.reprise.evaluate;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import dev.reprise.match.Calibration;
import dev.reprise.match.Calibration.Sample;
import dev.reprise.match.MatchCandidate;
import dev.reprise.match.MatchExplanation;
import dev.reprise.match.MatchExplanation.Step;
import dev.reprise.match.MatchStage;
import dev.reprise.match.VerifiedMatcher;
import dev.reprise.match.Verifier;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Collects what a {@link Calibration} is fitted to: what a verifier says of labelled questions, and
 * whether it was right.
 *
 * <p>A pair is one sample. A lookup of a stream is one, too: the candidate that the verifier is
 * surest of, of those that it is asked about, in a cache in which every question before is stored.
 * Exact repeats are none: no matcher decides about them.
 */
public final class CalibrationSampler {
  /** Accepts whatever the verifier is asked about, so that it is asked. */
  private static final Calibration ASK_ALWAYS =
      new Calibration(0, 1, 0, List.of(new Calibration.Point(WrongAnswerBound.defaults(), 0)));

  private final VerifiedMatcher matcher;
  private final EmbeddedTexts texts;
  private final EvaluationProgress progress;

  private CalibrationSampler(
      VerifiedMatcher matcher, EmbeddedTexts texts, EvaluationProgress progress) {
    this.matcher = matcher;
    this.texts = texts;
    this.progress = progress;
  }

  /**
   * Returns the samples of {@code data}, in its order; its name is their group.
   *
   * @param verifier its calibration is not used
   */
  public static List<Sample> samples(
      LabelledData data, Verifier verifier, Embedder embedder, EvaluationProgress progress) {
    CalibrationSampler sampler =
        new CalibrationSampler(
            VerifiedMatcher.builder(verifier).calibration(ASK_ALWAYS).build(),
            new EmbeddedTexts(embedder),
            new Evaluator.OneAtATime(progress));
    return data instanceof LabelledData.Pairs pairs
        ? sampler.ofPairs(pairs)
        : sampler.ofStream((LabelledData.Stream) data);
  }

  private List<Sample> ofPairs(LabelledData.Pairs data) {
    progress.begin("Verifying", data.size());
    Sample[] samples = new Sample[data.size()];
    IntStream.range(0, data.size())
        .parallel()
        .forEach(
            i -> {
              samples[i] = ofPair(data.name(), data.pairs().get(i), Scope.of("pair " + i));
              progress.step();
            });
    return Arrays.asList(samples);
  }

  private Sample ofPair(String group, LabelledPair pair, Scope scope) {
    Answer answer = Answer.ofText(pair.response());
    matcher.wording().stored(scope, pair.cached(), answer);
    Optional<Vector> cached = texts.vector(matcher.wording().comparable(scope, pair.cached()));
    Optional<Vector> asked = texts.vector(matcher.wording().comparable(scope, pair.query()));
    if (cached.isEmpty() || asked.isEmpty()) {
      return unverified(group);
    }
    MatchCandidate candidate =
        MatchCandidate.alone(
            scope, pair.query(), pair.cached(), answer, asked.get().similarity(cached.get()));
    return new Sample(
        group,
        logOdds(candidate),
        Calibration.crowding(candidate),
        pair.label() == LabelledPair.Label.SAME);
  }

  private List<Sample> ofStream(LabelledData.Stream data) {
    StreamEvaluator evaluator = new StreamEvaluator(data, texts, progress);
    EarlierTexts earlier =
        evaluator.earlier(List.of(new NamedMatcher("calibration", "verified", matcher, matcher)));
    progress.begin("Verifying", Math.max(1, data.size()));
    Map<Integer, Sample> surest = new LinkedHashMap<>();
    new StreamRun(data, texts, earlier, matcher, "calibration")
        .run(
            (asked, cached, candidate) -> {
              Sample sample =
                  new Sample(
                      data.name(),
                      logOdds(candidate),
                      Calibration.crowding(candidate),
                      data.arrivals()
                          .get(asked)
                          .label()
                          .equals(data.arrivals().get(cached).label()));
              surest.merge(
                  asked,
                  sample,
                  (known, other) -> other.logOdds() > known.logOdds() ? other : known);
              return new Verdict.Undecided("");
            },
            new StreamRun.Listener() {
              @Override
              public void exact(int number, Arrival asked, Arrival cached) {
                progress.step();
              }

              @Override
              public void decided(
                  int number,
                  Arrival asked,
                  Arrival cached,
                  Similarity similarity,
                  Verdict verdict) {}

              @Override
              public void missed(int number, StreamRun.Fit fit) {
                surest.putIfAbsent(number, unverified(data.name()));
                progress.step();
              }
            });
    return new ArrayList<>(surest.values());
  }

  private double logOdds(MatchCandidate candidate) {
    MatchExplanation explanation = matcher.explain(candidate);
    for (Step step : explanation.steps()) {
      if (step.stage() == MatchStage.VERIFIER && step.result() == MatchExplanation.Result.PASSED) {
        return step.score();
      }
    }
    return Double.NEGATIVE_INFINITY;
  }

  private static Sample unverified(String group) {
    return new Sample(group, Double.NEGATIVE_INFINITY, 0, false);
  }
}
