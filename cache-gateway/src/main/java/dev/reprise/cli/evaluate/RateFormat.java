package dev.reprise.cli.evaluate;

import dev.reprise.evaluate.Rate;
import java.util.Locale;
import java.util.OptionalDouble;

/** Writes rates for people. */
final class RateFormat {
  private RateFormat() {}

  /** Returns the rate, "-" where nothing is known. */
  static String value(Rate rate) {
    OptionalDouble value = rate.value();
    return value.isPresent() ? percent(value.getAsDouble()) + " %" : "-";
  }

  /** Returns the interval, empty where nothing is known. */
  static String interval(Rate rate, boolean unicode) {
    return rate.of() == 0
        ? ""
        : percent(rate.low()) + (unicode ? "\u2013" : "-") + percent(rate.high());
  }

  /** Returns {@code share} in percent, with two or three digits that count. */
  private static String percent(double share) {
    double percent = share * 100;
    return String.format(
        Locale.ROOT, percent < 9.995 ? "%.2f" : percent < 99.95 ? "%.1f" : "%.0f", percent);
  }
}
