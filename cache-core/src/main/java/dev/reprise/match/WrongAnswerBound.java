package dev.reprise.match;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * The greatest allowed share of wrong answers.
 *
 * @param kind the total that the share refers to
 * @param rate more than 0, less than 1
 */
public record WrongAnswerBound(Kind kind, double rate) {
  /** The default's rate, per lookup: {@value}. */
  public static final double DEFAULT_RATE = 0.01;

  /** The total that a share refers to. */
  public enum Kind {
    /** Of all lookups by meaning, misses included. */
    PER_LOOKUP,
    /** Of the answers that are served by meaning. */
    PER_HIT
  }

  /**
   * @throws IllegalArgumentException if the rate is out of range
   */
  public WrongAnswerBound {
    Objects.requireNonNull(kind, "kind");
    if (!(rate > 0 && rate < 1)) {
      throw new IllegalArgumentException(
          "rate of wrong answers is "
              + rate
              + ", but must be more than 0 and less than 1"
              + (rate >= 1 && rate <= 100 ? "; for " + rate + " % write " + rate / 100 : ""));
    }
  }

  /** Returns the default: {@value #DEFAULT_RATE} per lookup. */
  public static WrongAnswerBound defaults() {
    return perLookup(DEFAULT_RATE);
  }

  /**
   * Returns the bound that at most {@code rate} of all lookups get a wrong answer.
   *
   * @param rate more than 0, less than 1
   */
  public static WrongAnswerBound perLookup(double rate) {
    return new WrongAnswerBound(Kind.PER_LOOKUP, rate);
  }

  /**
   * Returns the bound that at most {@code rate} of the hits by meaning are wrong.
   *
   * @param rate more than 0, less than 1
   */
  public static WrongAnswerBound perHit(double rate) {
    return new WrongAnswerBound(Kind.PER_HIT, rate);
  }

  @Override
  public String toString() {
    String percent =
        BigDecimal.valueOf(rate).movePointRight(2).stripTrailingZeros().toPlainString();
    return percent + " % wrong per " + (kind == Kind.PER_LOOKUP ? "lookup" : "hit");
  }
}
