package dev.reprise.match;

import java.util.function.BiFunction;
import java.util.function.Function;

/** A verified matcher with a stricter operating point. */
final class StricterMatcher implements Matcher {
  private final HeldBound held;
  private final BiFunction<MatchCandidate, HeldBound, MatchExplanation> reading;
  private final Function<WrongAnswerBound, HeldBound> bounds;

  /**
   * @param reading decides on a candidate at a bound
   * @param bounds gives the operating point of a bound
   */
  StricterMatcher(
      HeldBound held,
      BiFunction<MatchCandidate, HeldBound, MatchExplanation> reading,
      Function<WrongAnswerBound, HeldBound> bounds) {
    this.held = held;
    this.reading = reading;
    this.bounds = bounds;
  }

  @Override
  public MatchDecision decide(MatchCandidate candidate) {
    return explain(candidate).decision();
  }

  @Override
  public MatchExplanation explain(MatchCandidate candidate) {
    return reading.apply(candidate, held);
  }

  @Override
  public Matcher within(WrongAnswerBound other) {
    return new StricterMatcher(held.stricter(bounds.apply(other)), reading, bounds);
  }
}
