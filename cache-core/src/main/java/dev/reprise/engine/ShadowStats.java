package dev.reprise.engine;

import dev.reprise.match.RiskReport.Estimate;
import java.time.Duration;
import java.util.Optional;

/**
 * What shadow mode counted: what live mode would have served, what that would have saved, and how
 * often it would have been wrong. Requests that were bypassed, failed or were cancelled are not
 * among them.
 */
public final class ShadowStats {
  /** The quantile of the standard normal distribution for an interval of 95 %. */
  private static final double Z = 1.959964;

  private final Lookups lookups;
  private final Savings savings;
  private final Comparisons exact;
  private final Comparisons semantic;

  record Lookups(long all, long exactHits, long semanticHits, long curatedHits) {}

  record Savings(Duration time, double dollars, long inputTokens, long outputTokens) {}

  record Comparisons(long same, long different) {
    long all() {
      return same + different;
    }
  }

  ShadowStats(Lookups lookups, Savings savings, Comparisons exact, Comparisons semantic) {
    this.lookups = lookups;
    this.savings = savings;
    this.exact = exact;
    this.semantic = semantic;
  }

  /** Returns how many requests were looked up in shadow mode; 0 if it is not used. */
  public long lookups() {
    return lookups.all();
  }

  /** Returns how many of them the exact tier would have answered. */
  public long exactHits() {
    return lookups.exactHits();
  }

  /** Returns how many of them the semantic tier would have answered. */
  public long semanticHits() {
    return lookups.semanticHits();
  }

  /** Returns how many of them a curated answer would have answered. */
  public long curatedHits() {
    return lookups.curatedHits();
  }

  /** Returns would-be hits over {@link #lookups}, from 0 to 1; 0 where there were none. */
  public double hitRate() {
    return lookups.all() == 0
        ? 0
        : (double) (lookups.exactHits() + lookups.semanticHits() + lookups.curatedHits())
            / lookups.all();
  }

  /** Returns the time that the would-be hits would have saved. */
  public Duration timeSaved() {
    return savings.time();
  }

  /** Returns the money that they would have saved, in US dollars, as far as prices are known. */
  public double dollarsSaved() {
    return savings.dollars();
  }

  /** Returns the prompt tokens that they would have saved, as far as providers report them. */
  public long inputTokensSaved() {
    return savings.inputTokens();
  }

  /** Returns the answer tokens that they would have saved, as far as providers report them. */
  public long outputTokensSaved() {
    return savings.outputTokens();
  }

  /** Returns how many would-be semantic hits were compared with the fresh answer. */
  public long compared() {
    return semantic.all();
  }

  /** Returns how many of {@link #compared} differed in meaning from the fresh answer. */
  public long wrong() {
    return semantic.different();
  }

  /**
   * Returns how many would-be exact hits were compared with the fresh answer. Both answer the very
   * same request, so {@link #exactWrong} tells how often the judge takes two answers of the model
   * to one question for different, or the stored one is out of date.
   */
  public long exactCompared() {
    return exact.all();
  }

  /** Returns how many of {@link #exactCompared} differed in meaning from the fresh answer. */
  public long exactWrong() {
    return exact.different();
  }

  /**
   * Returns the share of wrong answers among the semantic hits, with its 95 % Wilson score
   * interval. Empty where nothing was compared.
   */
  public Optional<Estimate> wrongPerHit() {
    return semantic.all() == 0 ? Optional.empty() : Optional.of(wilson(wrong(), compared()));
  }

  /**
   * Returns {@link #wrongPerHit} times the share of semantic hits among all lookups: the rate that
   * a matcher's bound per lookup is about.
   */
  public Optional<Estimate> wrongPerLookup() {
    double share = lookups.all() == 0 ? 0 : (double) lookups.semanticHits() / lookups.all();
    return wrongPerHit()
        .map(rate -> new Estimate(rate.low() * share, rate.value() * share, rate.high() * share));
  }

  /**
   * Returns a share with its score interval: E. B. Wilson, "Probable inference, the law of
   * succession, and statistical inference", 1927.
   */
  static Estimate wilson(long events, long of) {
    double share = (double) events / of;
    double square = Z * Z / of;
    double middle = (share + square / 2) / (1 + square);
    double half = Z / (1 + square) * Math.sqrt(share * (1 - share) / of + square / (4 * of));
    return new Estimate(
        events == 0 ? 0 : Math.max(0, middle - half),
        share,
        events == of ? 1 : Math.min(1, middle + half));
  }

  @Override
  public String toString() {
    return "ShadowStats["
        + lookups
        + ", "
        + savings
        + ", exact="
        + exact
        + ", semantic="
        + semantic
        + "]";
  }
}
