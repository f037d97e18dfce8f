package dev.reprise.match;

/**
 * Bins of confidences, of equal width in log-odds. The last holds pairs of the same words, whose
 * confidence is 1.
 */
final class ConfidenceBins {
  /** The width of a bin, in log-odds. */
  private static final double WIDTH = 0.5;

  /** The lower edge of the first bin, in log-odds: less is never accepted. */
  private static final double FIRST = Traffic.FIRST;

  /** Bins of probabilities; the last ends where {@link Calibration} does. */
  static final int GRADED = 36;

  /** The bin of what is the same words. */
  static final int CERTAIN = GRADED;

  static final int COUNT = GRADED + 1;

  private ConfidenceBins() {}

  /** Returns the bin of {@code confidence}, or -1 where it is never accepted. */
  static int of(double confidence) {
    if (confidence >= 1) {
      return CERTAIN;
    }
    if (confidence <= 0) {
      return -1;
    }
    double z = Traffic.logOdds(confidence);
    return z < FIRST ? -1 : Math.min(GRADED - 1, (int) ((z - FIRST) / WIDTH));
  }

  /** Returns the least confidence of {@code bin}. */
  static double least(int bin) {
    return bin == CERTAIN ? 1 : logistic(FIRST + bin * WIDTH);
  }

  /** Returns the middle of {@code bin}, in log-odds. */
  static double middle(int bin) {
    return FIRST + (bin + 0.5) * WIDTH;
  }

  /** Returns the probability of {@code logOdds}. */
  static double logistic(double logOdds) {
    return 1 / (1 + Math.exp(-logOdds));
  }
}
