package dev.reprise.match;

import dev.reprise.match.WrongAnswerBound.Kind;

/**
 * What would be wrong if everything from a bin on were accepted.
 *
 * @param perLookup the mean of the rate of wrong answers over lookups
 * @param perLookupDeviation its standard deviation
 * @param hits the share of lookups that would be hits
 * @param total the lookups that were seen
 */
record Risk(double perLookup, double perLookupDeviation, double hits, double total) {
  double mean(Kind kind) {
    return kind == Kind.PER_LOOKUP || hits == 0 ? perLookup : perLookup / hits;
  }

  private double deviation(Kind kind) {
    double share = kind == Kind.PER_LOOKUP || hits == 0 ? 1 : hits;
    double rates = perLookupDeviation / share;
    double mean = mean(kind);
    // Those that will come are a sample as well as those that were seen.
    double sampling = mean * (1 - mean) / Math.max(1, share * total);
    return Math.sqrt(rates * rates + sampling);
  }

  double upper(Kind kind, double deviations) {
    return Math.min(1, mean(kind) + deviations * deviation(kind));
  }

  double lower(Kind kind, double deviations) {
    return Math.max(0, mean(kind) - deviations * deviation(kind));
  }
}
