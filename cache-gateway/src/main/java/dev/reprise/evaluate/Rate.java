package dev.reprise.evaluate;

import dev.reprise.model.internal.Checks;
import java.util.OptionalDouble;
import org.apache.commons.statistics.interval.BinomialConfidenceInterval;
import org.apache.commons.statistics.interval.Interval;

/**
 * How often something was seen, and how far that can be trusted.
 *
 * @param count how often it was seen, 0 to {@code of}
 * @param of how often it could have been seen, at least 0
 */
public record Rate(int count, int of) {
  /** How sure it is that the true rate lies in the interval: {@value}. */
  public static final double CONFIDENCE = 0.95;

  /** What nothing is known about may be anything. */
  private static final Interval ANYTHING =
      new Interval() {
        @Override
        public double getLowerBound() {
          return 0;
        }

        @Override
        public double getUpperBound() {
          return 1;
        }
      };

  public Rate {
    Checks.inRange("of", of, 0, Integer.MAX_VALUE);
    Checks.inRange("count", count, 0, of);
  }

  /** Returns the rate, from 0 to 1; nothing where it could never have been seen. */
  public OptionalDouble value() {
    return of == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) count / of);
  }

  /**
   * Returns the lower end of the Wilson score interval (E. B. Wilson, "Probable inference, the law
   * of succession, and statistical inference", 1927), from 0 to 1.
   */
  public double low() {
    return Math.max(0, interval().getLowerBound());
  }

  /** Returns the upper end of the Wilson score interval, from 0 to 1. */
  public double high() {
    return Math.min(1, interval().getUpperBound());
  }

  private Interval interval() {
    return of == 0
        ? ANYTHING
        : BinomialConfidenceInterval.WILSON_SCORE.fromErrorRate(of, count, 1 - CONFIDENCE);
  }
}
