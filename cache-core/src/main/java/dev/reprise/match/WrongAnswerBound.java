package dev.reprise.match;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * How many wrong answers a user allows.
 *
 * @param kind of what it is a share
 * @param rate more than 0, less than 1
 */
public record WrongAnswerBound(Kind kind, double rate) {
  /** The default's rate, per lookup: {@value}. */
  public static final double DEFAULT_RATE = 0.01;

  /** Of what it is a share. */
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
   * Returns the bound that at most this share of all lookups is answered wrongly.
   *
   * @param rate more than 0, less than 1
   */
  public static WrongAnswerBound perLookup(double rate) {
    return new WrongAnswerBound(Kind.PER_LOOKUP, rate);
  }

  /**
   * Returns the bound that at most this share of what is served by meaning is wrong.
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
