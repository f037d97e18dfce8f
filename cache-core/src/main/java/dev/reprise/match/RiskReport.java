package dev.reprise.match;

/**
 * How often a matcher is wrong, as far as it knows by now.
 *
 * @param bound what it has to hold
 * @param point from where on it accepts now, and why
 * @param calibrated from where on it accepted before anything was learnt
 * @param lookups how many lookups by meaning it remembers; old ones fade
 * @param judged of how many candidates it became known whether their answer was right
 * @param wrongPerLookup wrong answers over lookups at the present operating point
 * @param wrongPerHit wrong answers over hits by meaning at the present operating point
 * @param servedJudged how many served answers were judged: by a check, or by feedback
 * @param servedWrong how many of those were wrong
 * @param foregone how many misses had a candidate whose answer was judged right
 */
public record RiskReport(
    WrongAnswerBound bound,
    OperatingPoint point,
    OperatingPoint calibrated,
    long lookups,
    long judged,
    Estimate wrongPerLookup,
    Estimate wrongPerHit,
    long servedJudged,
    long servedWrong,
    long foregone) {

  /**
   * A rate with its 95 % interval: from the calibration alone while nothing was judged.
   *
   * @param low the interval's lower end, from 0 to 1
   * @param value the estimate, from 0 to 1
   * @param high the interval's upper end, from 0 to 1
   */
  public record Estimate(double low, double value, double high) {}
}
