package dev.reprise.match;

/**
 * How often a matcher is wrong, estimated from its calibration and from judged answers.
 *
 * @param bound the bound on wrong answers
 * @param point the operating point now
 * @param calibrated the operating point before the matcher learned anything
 * @param lookups how many lookups by meaning count; old ones lose weight
 * @param judged how many candidates were judged
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
