package dev.reprise.match;

import dev.reprise.match.WrongAnswerBound.Kind;
import dev.reprise.model.internal.Checks;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Turns a verifier's log-odds into a probability, and a bound on wrong answers into the lowest
 * probability that the matcher accepts.
 *
 * <p>The probability that both questions have the same answer is the logistic function of {@code
 * bias + scale * log-odds + crowding * c}. Here c is the cosine of the fifth nearest candidate, or
 * 0 if there are fewer. In a crowded cache the same score means less.
 *
 * <p>With {@code bands} and {@code floors}, the lowest accepted probability for a bound per lookup
 * follows the traffic. It falls as fewer lookups have near candidates, but never below the floor.
 * Without them it is fixed by {@code points}.
 *
 * @param bias added to the scaled log-odds
 * @param scale factor of the log-odds, at least 0
 * @param crowding factor of the crowding, at most 0
 * @param points the lowest accepted probability of each bound
 * @param bands the rate of wrong candidates by probability, ascending; empty if it is not known
 * @param floors the lowest accepted probability of each bound on any traffic; empty without bands
 */
public record Calibration(
    double bias,
    double scale,
    double crowding,
    List<Point> points,
    List<Band> bands,
    List<Point> floors) {
  /** The highest probability from a verifier. The same words have 1. */
  static final double SUREST = 1 - 1e-6;

  private static final Calibration NONE = new Calibration(0, 1, 0, List.of());

  /**
   * The lowest probability that held a bound when the calibration was made.
   *
   * @param bound the bound that holds
   * @param leastConfidence the lowest accepted probability, from 0 to 1
   */
  public record Point(WrongAnswerBound bound, double leastConfidence) {
    public Point {
      Checks.inRange("least confidence", leastConfidence, 0, 1);
    }
  }

  /**
   * The rate of wrong candidates in one interval of probability.
   *
   * @param from the interval's lower end, above 0 and below 1; the next band is its upper end
   * @param wrong the share of wrong candidates in the worst kind of traffic, from 0 to 1
   * @param read the number of lookups behind {@code wrong}
   * @param share the share of lookups whose surest candidate is in the interval, from 0 to 1; used
   *     until lookups have been counted
   */
  public record Band(double from, double wrong, double read, double share) {
    /**
     * @throws IllegalArgumentException if a number is out of range
     */
    public Band {
      Checks.inRange("lower end of a band", from, 1e-9, SUREST);
      Checks.inRange("share of wrong candidates", wrong, 0, 1);
      Checks.inRange("read lookups", read, 0, 1e9);
      Checks.inRange("share of lookups", share, 0, 1);
    }
  }

  /**
   * One lookup whose outcome is known.
   *
   * @param group the stream or log of the lookup; the bound holds in each group
   * @param logOdds the verifier's score; negative infinity if there was no candidate or a guard
   *     rejected it
   * @param crowding see {@link #crowding(MatchCandidate)}
   * @param isSame whether the candidate's answer was right
   * @param weight the number of lookups that this one represents, above 0; 1 unless the samples
   *     were drawn from more lookups
   */
  public record Sample(
      String group, double logOdds, double crowding, boolean isSame, double weight) {
    /**
     * @throws IllegalArgumentException if the weight is out of range
     */
    public Sample {
      Checks.inRange("weight", weight, Double.MIN_VALUE, 1e9);
    }

    /** A lookup with the weight 1. */
    public Sample(String group, double logOdds, double crowding, boolean isSame) {
      this(group, logOdds, crowding, isSame, 1);
    }

    /** Returns whether the verifier was asked. */
    boolean isVerified() {
      return logOdds > Double.NEGATIVE_INFINITY;
    }
  }

  /**
   * @throws IllegalArgumentException if a number is not finite or has the wrong sign
   */
  public Calibration {
    Checks.inRange("bias", bias, -1e6, 1e6);
    Checks.inRange("scale", scale, 0, 1e6);
    Checks.inRange("crowding", crowding, -1e6, 0);
    points = List.copyOf(points);
    bands = bands.stream().sorted(Comparator.comparingDouble(Band::from)).toList();
    floors = List.copyOf(floors);
  }

  /**
   * A calibration whose lowest accepted probability is the same on all traffic.
   *
   * @throws IllegalArgumentException if a number is not finite or has the wrong sign
   */
  public Calibration(double bias, double scale, double crowding, List<Point> points) {
    this(bias, scale, crowding, points, List.of(), List.of());
  }

  /** Returns the calibration of an uncalibrated verifier. It holds no bound. */
  public static Calibration none() {
    return NONE;
  }

  /**
   * Fits a calibration.
   *
   * <ul>
   *   <li>Probability: logistic regression over the verified lookups.
   *   <li>Points: the Clopper-Pearson upper limit (one-sided, 95 %) of the rate of wrong answers,
   *       per lookup and per hit, in each group. Weighted samples count with their effective number
   *       (E. L. Korn and B. I. Graubard, Survey Methodology 24, 1998).
   * </ul>
   *
   * @param samples lookups in any order, at least one of them right and one wrong
   * @throws IllegalArgumentException if all verified samples are right, or all are wrong
   */
  public static Calibration fit(List<Sample> samples) {
    return CalibrationFit.fit(samples);
  }

  /** Returns the cosine of the fifth nearest candidate; 0 if there are fewer. */
  public static double crowding(MatchCandidate candidate) {
    return Crowding.of(candidate.around());
  }

  /**
   * Returns the probability that both questions have the same answer.
   *
   * @param logOdds the verifier's score
   * @param crowding see {@link #crowding(MatchCandidate)}
   */
  public double probability(double logOdds, double crowding) {
    double z = bias + scale * logOdds + this.crowding * crowding;
    return Math.min(SUREST, 1 / (1 + Math.exp(-z)));
  }

  /**
   * Returns the lowest probability that holds {@code bound}. It comes from the laxest point that is
   * at least as strict as the bound. Empty if every point is laxer.
   */
  public OptionalDouble leastConfidence(WrongAnswerBound bound) {
    return least(points, bound);
  }

  /** Returns the floor for {@code bound}. Empty if the calibration does not follow the traffic. */
  OptionalDouble floor(WrongAnswerBound bound) {
    return least(floors, bound);
  }

  private static OptionalDouble least(List<Point> points, WrongAnswerBound bound) {
    return points.stream()
        .filter(
            point -> point.bound().kind() == bound.kind() && point.bound().rate() <= bound.rate())
        .mapToDouble(Point::leastConfidence)
        .min();
  }

  /** Returns the points of one kind of bound. */
  public List<Point> points(Kind kind) {
    return points.stream().filter(point -> point.bound().kind() == kind).toList();
  }
}
