package dev.reprise.match;

import dev.reprise.match.Calibration.Point;
import dev.reprise.match.Calibration.Sample;
import dev.reprise.match.WrongAnswerBound.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** See {@link Calibration#fit}. */
final class CalibrationFit {
  private static final double[] PER_LOOKUP = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1};
  private static final double[] PER_HIT = {0.005, 0.01, 0.02, 0.05, 0.1, 0.2};
  private static final double UNSURE = 0.05;
  private static final int ROUNDS = 50;

  /** Keeps the weights finite where right and wrong can be told apart without an error. */
  private static final double RIDGE = 1e-3;

  /** A lookup and its probability under the fit. */
  private record Scored(double probability, boolean isSame, double weight) {}

  /** Sums of weights and of their squares. */
  private static final class Weights {
    private double sum;
    private double squares;

    void add(double weight) {
      sum += weight;
      squares += weight * weight;
    }

    /**
     * Returns how many lookups one sample stands for: what the variance of the sum says, with one
     * more event of weight {@code unseen}, since light ones may be all that was seen.
     */
    double spread(double unseen) {
      return (squares + unseen * unseen) / (sum + unseen);
    }

    /** Returns the mean weight of a lookup: heavy samples stand for more of them. */
    double mean() {
      return squares / sum;
    }
  }

  private CalibrationFit() {}

  static Calibration fit(List<Sample> samples) {
    List<Sample> verified = samples.stream().filter(Sample::isVerified).toList();
    long same = verified.stream().filter(Sample::isSame).count();
    if (same == 0 || same == verified.size()) {
      throw new IllegalArgumentException(
          "samples must have right and wrong ones, but "
              + same
              + " of "
              + verified.size()
              + " are right");
    }
    double[] weights = regression(verified, 3);
    if (weights[2] > 0) {
      // Chance, or a stream of a few questions only: no crowd makes an answer surer.
      double[] without = regression(verified, 2);
      weights = new double[] {without[0], without[1], 0};
    }
    Calibration shape =
        new Calibration(weights[0], Math.max(0, weights[1]), Math.min(0, weights[2]), List.of());
    return new Calibration(shape.bias(), shape.scale(), shape.crowding(), points(shape, samples));
  }

  /** Newton's method on the penalised likelihood. */
  private static double[] regression(List<Sample> samples, int size) {
    double[] weights = new double[size];
    for (int round = 0; round < ROUNDS; round++) {
      double[] gradient = new double[size];
      double[][] hessian = new double[size][size];
      for (Sample sample : samples) {
        double[] x = {1, sample.logOdds(), sample.crowding()};
        double z = 0;
        for (int i = 0; i < size; i++) {
          z += weights[i] * x[i];
        }
        double p = 1 / (1 + Math.exp(-z));
        double slope = Math.max(1e-9, p * (1 - p));
        for (int i = 0; i < size; i++) {
          gradient[i] += sample.weight() * ((sample.isSame() ? 1 : 0) - p) * x[i];
          for (int j = 0; j < size; j++) {
            hessian[i][j] += sample.weight() * slope * x[i] * x[j];
          }
        }
      }
      for (int i = 0; i < size; i++) {
        gradient[i] -= RIDGE * weights[i];
        hessian[i][i] += RIDGE;
      }
      double[] step = solve(hessian, gradient);
      double largest = 0;
      for (int i = 0; i < size; i++) {
        // A step too far is cut short: the likelihood is concave, so the next ones get there.
        double cut = Math.max(-5, Math.min(5, step[i]));
        weights[i] += cut;
        largest = Math.max(largest, Math.abs(cut));
      }
      if (largest < 1e-9) {
        break;
      }
    }
    return weights;
  }

  /** Gaussian elimination; the matrix is positive definite. */
  private static double[] solve(double[][] matrix, double[] right) {
    int size = right.length;
    for (int i = 0; i < size; i++) {
      for (int row = i + 1; row < size; row++) {
        double factor = matrix[row][i] / matrix[i][i];
        for (int column = i; column < size; column++) {
          matrix[row][column] -= factor * matrix[i][column];
        }
        right[row] -= factor * right[i];
      }
    }
    double[] solution = new double[size];
    for (int i = size - 1; i >= 0; i--) {
      double sum = right[i];
      for (int column = i + 1; column < size; column++) {
        sum -= matrix[i][column] * solution[column];
      }
      solution[i] = sum / matrix[i][i];
    }
    return solution;
  }

  private static List<Point> points(Calibration shape, List<Sample> samples) {
    Map<String, List<Scored>> groups = new TreeMap<>();
    for (Sample sample : samples) {
      double probability =
          sample.isVerified() ? shape.probability(sample.logOdds(), sample.crowding()) : -1;
      groups
          .computeIfAbsent(sample.group(), unused -> new ArrayList<>())
          .add(new Scored(probability, sample.isSame(), sample.weight()));
    }
    groups
        .values()
        .forEach(group -> group.sort(Comparator.comparing(Scored::probability).reversed()));
    List<Point> points = new ArrayList<>();
    addPoints(points, groups, Kind.PER_LOOKUP, PER_LOOKUP);
    addPoints(points, groups, Kind.PER_HIT, PER_HIT);
    return points;
  }

  private static void addPoints(
      List<Point> points, Map<String, List<Scored>> groups, Kind kind, double[] rates) {
    for (double rate : rates) {
      double least = 0;
      boolean isHeld = true;
      for (List<Scored> group : groups.values()) {
        OptionalDouble here = least(group, kind, rate);
        isHeld &= here.isPresent();
        least = Math.max(least, here.orElse(1));
      }
      if (isHeld) {
        points.add(new Point(new WrongAnswerBound(kind, rate), least));
      }
    }
  }

  /**
   * Returns the least probability down to which the upper limit of the error is within the rate.
   */
  private static OptionalDouble least(List<Scored> group, Kind kind, double rate) {
    OptionalDouble least = OptionalDouble.empty();
    double all = group.stream().mapToDouble(Scored::weight).sum();
    Weights hits = new Weights();
    Weights wrong = new Weights();
    for (int i = 0; i < group.size() && group.get(i).probability() >= 0; i++) {
      Scored scored = group.get(i);
      hits.add(scored.weight());
      if (!scored.isSame()) {
        wrong.add(scored.weight());
      }
      boolean isLastOfEqual =
          i + 1 == group.size() || group.get(i + 1).probability() < scored.probability();
      double of = kind == Kind.PER_LOOKUP ? all : hits.sum;
      if (isLastOfEqual && isWithin(wrong, of, hits.mean(), rate)) {
        least = OptionalDouble.of(scored.probability());
      }
      if (kind == Kind.PER_LOOKUP && wrong.sum > rate * of) {
        break;
      }
    }
    return least;
  }

  private static boolean isWithin(Weights wrong, double of, double usual, double rate) {
    double spread = wrong.spread(usual);
    int events = (int) Math.ceil(wrong.sum / spread - 1e-9);
    int trials = (int) (of / spread + 1e-9);
    return trials > 0 && Binomial.isWithin(events, trials, rate, UNSURE);
  }
}
