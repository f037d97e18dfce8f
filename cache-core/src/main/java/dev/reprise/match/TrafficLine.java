package dev.reprise.match;

import dev.reprise.match.Calibration.Band;
import dev.reprise.match.WrongAnswerBound.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;

/*
 * A bound per lookup says how many of all lookups may be answered wrongly. That is the sum over confidences of two factors: the
 * share of lookups whose surest candidate is that sure, and how many of such candidates are wrong. The calibration knows the
 * second. The first differs tenfold between deployments and is seen without any judgement.
 */
/**
 * Chooses the least confidence by the traffic: as low as the bound allows for the share of lookups
 * that have near candidates, never below the calibration's floor for the bound.
 */
final class TrafficLine {
  /** The share of wrong answers among the same words. */
  private static final double CERTAIN_WRONG = 0.002;

  /** The share of the bound that is spent: the rest is for traffic unlike all that was read. */
  private static final double SPENT = 0.8;

  private static final double ONE_SIDED_95 = 1.645;

  private final Calibration calibration;

  /** The band of each bin, or -1. */
  private final int[] bands = new int[Traffic.GRADED];

  /** The share of ordinary lookups in each bin. */
  private final double[] ordinary = new double[Traffic.BINS];

  TrafficLine(Calibration calibration) {
    this.calibration = calibration;
    List<Band> all = calibration.bands();
    int[] sizes = new int[all.size()];
    for (int bin = 0; bin < Traffic.GRADED; bin++) {
      bands[bin] = bandAt(all, bin);
      if (bands[bin] >= 0) {
        sizes[bands[bin]]++;
      }
    }
    for (int bin = 0; bin < Traffic.GRADED; bin++) {
      if (bands[bin] >= 0) {
        ordinary[bin] = all.get(bands[bin]).share() / sizes[bands[bin]];
      }
    }
  }

  private static int bandAt(List<Band> bands, int bin) {
    int found = -1;
    for (int i = 0; i < bands.size(); i++) {
      if (Traffic.logOdds(bands.get(i).from()) <= Traffic.middle(bin)) {
        found = i;
      }
    }
    return found;
  }

  /** Returns whether the line for {@code bound} follows the traffic. */
  boolean follows(WrongAnswerBound bound) {
    return bound.kind() == Kind.PER_LOOKUP
        && !calibration.bands().isEmpty()
        && calibration.floor(bound).isPresent();
  }

  /**
   * Returns the least confidence that holds {@code bound}.
   *
   * @param traffic what was seen
   * @param prior how many lookups the calibration's ordinary traffic counts for
   * @param worth what log-odds of the calibration are worth here
   */
  double least(WrongAnswerBound bound, Traffic traffic, double prior, DoubleUnaryOperator worth) {
    OptionalDouble floor = calibration.floor(bound);
    if (floor.isEmpty()) {
      return 1;
    }
    List<Band> all = calibration.bands();
    double lookups = traffic.total() + prior;
    double[] shares = new double[all.size()];
    double[] rates = new double[all.size()];
    double wrong = traffic.lookups(Traffic.CERTAIN) / lookups * CERTAIN_WRONG;
    int least = Traffic.CERTAIN;
    for (int bin = Traffic.GRADED - 1; bin >= 0 && bands[bin] >= 0; bin--) {
      int band = bands[bin];
      double share = (traffic.lookups(bin) + prior * ordinary[bin]) / lookups;
      double rate = moved(all.get(band).wrong(), Traffic.middle(bin), worth);
      wrong += share * rate;
      shares[band] += share;
      rates[band] = Math.max(rates[band], rate);
      if (wrong + ONE_SIDED_95 * deviation(all, shares, rates) > SPENT * bound.rate()) {
        break;
      }
      least = bin;
    }
    return Math.max(floor.getAsDouble(), Traffic.least(least));
  }

  /** Returns a band's rate of wrong answers, where the log-odds are worth less here. */
  private static double moved(double rate, double logOdds, DoubleUnaryOperator worth) {
    double less = Math.max(0, logOdds - worth.applyAsDouble(logOdds));
    return less == 0 || rate <= 0 ? rate : 1 / (1 + Math.exp(-Traffic.logOdds(rate) - less));
  }

  /** Returns how uncertain the sum is, since each band's rate rests on a sample. */
  private static double deviation(List<Band> bands, double[] shares, double[] rates) {
    double[] variances = new double[shares.length];
    Arrays.setAll(
        variances,
        i -> shares[i] * shares[i] * rates[i] * (1 - rates[i]) / (bands.get(i).read() + 1));
    return Math.sqrt(Arrays.stream(variances).sum());
  }
}
