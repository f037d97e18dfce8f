package dev.reprise.match;

/** Limits of a share that was seen in a sample. */
final class Binomial {
  private Binomial() {}

  /**
   * Returns whether the one-sided upper limit of C. J. Clopper and E. S. Pearson, Biometrika 26
   * (1934), is at most {@code rate}: whether so few events or fewer would be improbable if their
   * share were {@code rate}.
   *
   * @param events how many were seen
   * @param of in how many trials, at least 1
   * @param rate more than 0, less than 1
   * @param unsure 0.05 for a limit that is right 19 times of 20
   */
  static boolean isWithin(int events, int of, double rate, double unsure) {
    return events < rate * of && cumulative(events, of, rate) <= unsure;
  }

  /** Returns the probability of at most {@code events}, each trial having {@code share}. */
  private static double cumulative(int events, int of, double share) {
    double logOfOdds = Math.log(share) - Math.log1p(-share);
    double term = of * Math.log1p(-share);
    double largest = term;
    double sum = 1;
    for (int k = 1; k <= events; k++) {
      term += Math.log((double) (of - k + 1) / k) + logOfOdds;
      if (term > largest) {
        sum = sum * Math.exp(largest - term) + 1;
        largest = term;
      } else {
        sum += Math.exp(term - largest);
      }
    }
    return Math.exp(largest) * sum;
  }
}
