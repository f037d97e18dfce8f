package dev.reprise.cli;

import dev.reprise.evaluate.NamedMatcher;
import dev.reprise.match.Matcher;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which matcher the cache has. The grammar of {@code --matcher}: a kind, a colon, and the number
 * that the kind takes.
 *
 * @param name what names it: "threshold:0.95"
 * @param family what it has in common with those that differ in their operating point only
 * @param matcher the matcher
 * @param widest the one of its family that decides about the most candidates
 * @param description what it is, in one line for people
 */
record MatcherOption(
    String name, String family, Matcher matcher, Matcher widest, String description) {
  /** What can be named, for the help of an option. */
  static final String NAMES = "threshold:COSINE";

  private static final String THRESHOLD = "threshold";
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,3}(\\.[0-9]{1,9})?");
  private static final String HELP =
      "use threshold:COSINE with a number from -1 to 1, for example threshold:0.95";

  /** Returns the matcher of an engine that is given none. */
  static MatcherOption defaults() {
    MatcherOption named = parse(THRESHOLD + ":" + Matcher.DEFAULT_THRESHOLD);
    return new MatcherOption(
        named.name(),
        named.family(),
        Matcher.defaults(),
        named.widest(),
        named.description() + " (the default)");
  }

  /** Returns what {@code text} names: "default" or "threshold:0.95". */
  static MatcherOption parse(String text) {
    if (text.equals("default")) {
      return defaults();
    }
    int colon = text.indexOf(':');
    String kind = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    try {
      return switch (kind) {
        case THRESHOLD -> threshold(text, number(value));
        default ->
            throw new InputException("--matcher " + text + ": there is no such matcher; " + HELP);
      };
    } catch (IllegalArgumentException e) {
      throw new InputException("--matcher " + text + ": " + HELP, e);
    }
  }

  /** Returns it for an evaluation. */
  NamedMatcher named() {
    return new NamedMatcher(name, family, matcher, widest);
  }

  private static MatcherOption threshold(String text, double cosine) {
    return new MatcherOption(
        text,
        THRESHOLD,
        Matcher.threshold(cosine),
        Matcher.threshold(-1),
        String.format(Locale.ROOT, "threshold: cosine of at least %s", cosine));
  }

  private static double number(String value) {
    if (!NUMBER.matcher(value).matches()) {
      throw new IllegalArgumentException("\"" + value + "\" is no number");
    }
    return Double.parseDouble(value);
  }
}
