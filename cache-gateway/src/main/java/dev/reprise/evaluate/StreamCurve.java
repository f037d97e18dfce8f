package dev.reprise.evaluate;

import dev.reprise.match.MatchCandidate;
import dev.reprise.match.Matcher;
import dev.reprise.model.Similarity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a family of matchers reaches on a stream at several operating points, each in a pass of its
 * own, since what is stored depends on what is hit.
 *
 * <p>How sure the matcher is of a pair of questions is taken from the first pass that asks. Where
 * that depends on nothing but the two (a cosine does), each point is exactly what the matcher would
 * reach there; where it depends on what else is stored, nearly.
 */
final class StreamCurve {
  /** The operating points: so large a share of the lookups has a first candidate that is surer. */
  private static final double[] SHARES = {
    0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40, 0.45, 0.50, 0.55,
    0.60, 0.65, 0.70, 0.75, 0.80, 0.85, 0.90, 0.95
  };

  /** How many passes a curve takes. */
  static final int PASSES = SHARES.length + 1;

  /** Makes the pass of that name. */
  @FunctionalInterface
  interface Passes {
    StreamRun pass(String name);
  }

  private final Passes passes;
  private final Matcher matcher;
  private final int size;
  private final EvaluationProgress progress;
  private final Map<Long, Double> confidences = new HashMap<>();

  /**
   * @param matcher the widest of the family
   * @param size how many lookups the stream has
   */
  StreamCurve(Passes passes, Matcher matcher, int size, EvaluationProgress progress) {
    this.passes = passes;
    this.matcher = matcher;
    this.size = size;
    this.progress = progress;
  }

  List<Curve.Point> points() {
    List<Curve.Point> points = new ArrayList<>();
    for (double least : operatingPoints()) {
      StreamCounter counter = new StreamCounter(size);
      passes
          .pass("at " + least)
          .run(
              (asked, cached, candidate) -> {
                double confidence = confidence(asked, cached, candidate);
                return confidence >= least
                    ? new Verdict.Accepted(confidence)
                    : new Verdict.Rejected(confidence, "");
              },
              counter);
      progress.step();
      Tally tally = counter.tally();
      points.add(
          new Curve.Point(
              least, tally.wrongPerLookup().value().orElse(0), tally.hitRate().value().orElse(0)));
    }
    for (int left = points.size(); left < SHARES.length; left++) {
      progress.step();
    }
    // More hits are not always more wrong ones: a pass's cache is its own.
    points.sort(Comparator.comparingDouble(Curve.Point::leastConfidence).reversed());
    return points;
  }

  /** Returns confidences to accept from, surest first, by a pass in which nothing is accepted. */
  private double[] operatingPoints() {
    double[] first = new double[size];
    Arrays.fill(first, Double.NEGATIVE_INFINITY);
    passes
        .pass("nothing accepted")
        .run(
            (asked, cached, candidate) -> {
              if (candidate.rank() == 1) {
                first[asked] = confidence(asked, cached, candidate);
              }
              return new Verdict.Undecided("");
            },
            new Silent());
    progress.step();
    Arrays.sort(first);
    return Arrays.stream(SHARES)
        .map(share -> first[Math.max(0, (int) (size * (1 - share)) - 1)])
        .filter(confidence -> confidence > Curve.LEAST)
        .distinct()
        .toArray();
  }

  private double confidence(int asked, int cached, MatchCandidate candidate) {
    return confidences.computeIfAbsent(
        (long) asked << Integer.SIZE | cached,
        unknown -> Verdict.of(matcher, candidate).confidenceOrNone());
  }

  /** Listens to nothing. */
  private static final class Silent implements StreamRun.Listener {
    @Override
    public void exact(int number, Arrival asked, Arrival cached) {}

    @Override
    public void decided(
        int number, Arrival asked, Arrival cached, Similarity similarity, Verdict verdict) {}

    @Override
    public void missed(int number, StreamRun.Fit fit) {}
  }
}
