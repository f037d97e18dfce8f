package dev.reprise.match;

/**
 * What a calibration's log-odds are worth in one deployment, in the mean: a line in log-odds.
 *
 * @param shift the log-odds here where the calibration says 0
 * @param slope how much the log-odds here grow with the calibration's
 */
record CalibrationLine(double shift, double slope) {
  /** The calibration as it is. */
  static final CalibrationLine NONE = new CalibrationLine(0, 1);

  /** How far deployments are apart: the variance of the line's shift, in log-odds squared. */
  private static final double SHIFT_VARIANCE = 2.25;

  /** The variance of the line's slope, which is 1 in the mean. */
  private static final double SLOPE_VARIANCE = 0.1;

  private static final double LEAST_SLOPE = 0.1;

  /** The line is fitted from this bin on: what is far below any operating point tells little. */
  private static final int LEAST_FITTED = 4;

  private static final int ROUNDS = 30;

  double logOdds(double logOdds) {
    return shift + slope * logOdds;
  }

  double probability(double logOdds) {
    return ConfidenceBins.logistic(logOdds(logOdds));
  }

  /**
   * Returns the line that fits what was judged best, and is not far from the calibration's.
   *
   * @param same how many judged candidates of each of the {@link ConfidenceBins} were the same
   * @param different how many were not
   */
  static CalibrationLine fit(double[] same, double[] different) {
    double shift = 0;
    double slope = 1;
    for (int round = 0; round < ROUNDS; round++) {
      // The gradient and the Hessian of the logarithm of the posterior, signs turned.
      double g0 = shift / SHIFT_VARIANCE;
      double g1 = (slope - 1) / SLOPE_VARIANCE;
      double h00 = 1 / SHIFT_VARIANCE;
      double h01 = 0;
      double h11 = 1 / SLOPE_VARIANCE;
      for (int i = LEAST_FITTED; i < ConfidenceBins.GRADED; i++) {
        double z = ConfidenceBins.middle(i);
        double p = ConfidenceBins.logistic(shift + slope * z);
        double judged = same[i] + different[i];
        double residual = judged * p - same[i];
        double curve = judged * p * (1 - p);
        g0 += residual;
        g1 += residual * z;
        h00 += curve;
        h01 += curve * z;
        h11 += curve * z * z;
      }
      double determinant = h00 * h11 - h01 * h01;
      double step0 = cut((h11 * g0 - h01 * g1) / determinant);
      double step1 = cut((h00 * g1 - h01 * g0) / determinant);
      shift -= step0;
      slope = Math.max(LEAST_SLOPE, slope - step1);
      if (Math.abs(step0) + Math.abs(step1) < 1e-6) {
        break;
      }
    }
    return new CalibrationLine(shift, slope);
  }

  private static double cut(double step) {
    return Math.max(-1, Math.min(1, step));
  }
}
