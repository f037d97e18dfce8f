package dev.reprise.match;

import dev.reprise.match.WrongAnswerBound.Kind;
import dev.reprise.model.internal.Checks;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a verifier's log-odds are worth: a probability, and the least probability that holds a
 * bound.
 *
 * <p>The probability that the answers are the same is the logistic function of {@code bias + scale
 * * log-odds + crowding * c}, where c is the cosine of the fifth nearest candidate of the lookup (0
 * where there are fewer): the same score means less in a crowded cache.
 *
 * <p>With {@code bands} and {@code floors}, the least probability for a bound per lookup follows
 * the traffic: the fewer lookups have near candidates, the lower it is, down to the floor. Without
 * them it is that of {@code points}.
 *
 * @param bias added to the scaled log-odds
 * @param scale of the log-odds, at least 0
 * @param crowding weight of the crowding, at most 0
 * @param points which probability holds which bound
 * @param bands how often candidates of a probability are wrong, by rising probability; empty where
 *     nothing is known of other traffic
 * @param floors the least probability for a bound on any traffic; empty where there are no bands
 */
public record Calibration(
    double bias,
    double scale,
    double crowding,
    List<Point> points,
    List<Band> bands,
    List<Point> floors) {
  /** The most that a verifier's word is worth; the same words are worth 1. */
  static final double SUREST = 1 - 1e-6;

  private static final Calibration NONE = new Calibration(0, 1, 0, List.of());

  /**
   * The least probability that was seen to hold a bound.
   *
   * @param bound that is held
   * @param leastConfidence from 0 to 1: what is accepted is at least that sure
   */
  public record Point(WrongAnswerBound bound, double leastConfidence) {
    public Point {
      Checks.inRange("least confidence", leastConfidence, 0, 1);
    }
  }

  /**
   * How often candidates are wrong whose probability is in one interval.
   *
   * @param from the interval's lower end, more than 0 and less than 1; it reaches to the next band
   * @param wrong the share of wrong ones in the worst kind of traffic, from 0 to 1
   * @param read how many lookups that share rests on
   * @param share of ordinary lookups whose surest candidate is in it, from 0 to 1: what is assumed
   *     before any lookup was seen
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
   * @param group the stream or log that it is of: a bound is held in each
   * @param logOdds the verifier's; negative infinity where there was no candidate or a guard
   *     objected
   * @param crowding see {@link #crowding(MatchCandidate)}
   * @param isSame whether the candidate's answer was right
   * @param weight how many lookups it stands for, more than 0; 1 unless the samples were drawn from
   *     more lookups
   */
  public record Sample(
      String group, double logOdds, double crowding, boolean isSame, double weight) {
    /**
     * @throws IllegalArgumentException if the weight is out of range
     */
    public Sample {
      Checks.inRange("weight", weight, Double.MIN_VALUE, 1e9);
    }

    /** A lookup that stands for itself. */
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
   * A calibration whose least probability is the same on all traffic.
   *
   * @throws IllegalArgumentException if a number is not finite or has the wrong sign
   */
  public Calibration(double bias, double scale, double crowding, List<Point> points) {
    this(bias, scale, crowding, points, List.of(), List.of());
  }

  /** Returns the calibration of a verifier of which nothing is known: it holds no bound. */
  public static Calibration none() {
    return NONE;
  }

  /**
   * Fits a calibration: the probability by logistic regression over the lookups that were verified,
   * the points by the Clopper-Pearson upper limit (one-sided, 95 %) of the wrong answers among all
   * lookups or all hits of each group. Where samples stand for several lookups, the limit is that
   * of as many samples as would be as uncertain (E. L. Korn and B. I. Graubard, Survey Methodology
   * 24, 1998).
   *
   * @param samples lookups in any order, at least one of them right and one wrong
   * @throws IllegalArgumentException if all verified samples are right, or all are wrong
   */
  public static Calibration fit(List<Sample> samples) {
    return CalibrationFit.fit(samples);
  }

  /** Returns how crowded it is around {@code candidate}. */
  public static double crowding(MatchCandidate candidate) {
    return Crowding.of(candidate.around());
  }

  /**
   * Returns the probability that the answers are the same.
   *
   * @param logOdds the verifier's
   * @param crowding see {@link #crowding(MatchCandidate)}
   */
  public double probability(double logOdds, double crowding) {
    double z = bias + scale * logOdds + this.crowding * crowding;
    return Math.min(SUREST, 1 / (1 + Math.exp(-z)));
  }

  /**
   * Returns the least probability that holds {@code bound}, by the laxest point that is no laxer
   * than the bound. Empty where every point is laxer: nothing is known to hold it.
   */
  public OptionalDouble leastConfidence(WrongAnswerBound bound) {
    return least(points, bound);
  }

  /**
   * Returns the least probability that may hold {@code bound} on any traffic. Empty where the least
   * probability does not follow the traffic.
   */
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
