package dev.reprise.cli;

import dev.reprise.match.Matcher;
import java.util.Locale;

/**
 * Which matcher the cache has.
 *
 * @param matcher the matcher
 * @param description what it is, in one line for people
 */
record MatcherOption(Matcher matcher, String description) {
  private static final String THRESHOLD = "threshold:";
  private static final String HELP =
      "use threshold:COSINE with a number from -1 to 1, for example threshold:0.95";

  /** Returns the matcher of an engine that is given none. */
  static MatcherOption defaults() {
    return new MatcherOption(
        Matcher.defaults(),
        String.format(
            Locale.ROOT,
            "threshold: cosine of at least %.2f (the default)",
            Matcher.DEFAULT_THRESHOLD));
  }

  /** Returns what {@code text} names: "default" or "threshold:0.95". */
  static MatcherOption parse(String text) {
    if (text.equals("default")) {
      return defaults();
    }
    if (!text.startsWith(THRESHOLD)) {
      throw new InputException("--matcher " + text + ": there is no such matcher; " + HELP);
    }
    try {
      double cosine = Double.parseDouble(text.substring(THRESHOLD.length()));
      return new MatcherOption(
          Matcher.threshold(cosine),
          String.format(Locale.ROOT, "threshold: cosine of at least %s", cosine));
    } catch (IllegalArgumentException e) {
      throw new InputException("--matcher " + text + ": " + HELP, e);
    }
  }
}
