package dev.reprise.cli.cache;

import dev.reprise.cli.io.InputException;
import dev.reprise.evaluate.NamedMatcher;
import dev.reprise.match.Matcher;
import dev.reprise.match.VerifiedMatcher;
import dev.reprise.match.Verifier;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.CacheException;
import java.util.Locale;
import java.util.function.Supplier;
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
public record MatcherOption(
    String name, String family, Matcher matcher, Matcher widest, String description) {
  /** What can be named, for the help of an option. */
  public static final String NAMES =
      "threshold:COSINE, verified:RATE (of wrong answers, per lookup) or"
          + " verified-per-hit:RATE";

  /** Names the matcher of an engine that is given none. */
  public static final String DEFAULT = "default";

  private static final String THRESHOLD = "threshold";
  private static final String VERIFIED = "verified";
  private static final String VERIFIED_PER_HIT = "verified-per-hit";
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,3}(\\.[0-9]{1,9})?");
  private static final String HELP =
      "use threshold:COSINE with a number from -1 to 1, for example threshold:0.95, or"
          + " verified:RATE or verified-per-hit:RATE with the share of wrong answers that is"
          + " allowed, more than 0 and less than 1, for example verified:0.01";

  /**
   * Returns what {@code text} names: "default", "threshold:0.95", "verified:0.01" or
   * "verified-per-hit:0.05".
   *
   * @param verifier what a verified matcher asks; asked for only then
   */
  public static MatcherOption parse(String text, Supplier<? extends Verifier> verifier) {
    return parse(text, verifier, new MatcherSettings());
  }

  /**
   * Returns the same with {@code settings}, which a threshold does not use.
   *
   * @throws InputException if they name what is not there
   */
  public static MatcherOption parse(
      String text, Supplier<? extends Verifier> verifier, MatcherSettings settings) {
    if (text.equals(DEFAULT)) {
      return parse(VERIFIED + ":" + WrongAnswerBound.DEFAULT_RATE, verifier, settings);
    }
    int colon = text.indexOf(':');
    String kind = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    try {
      return switch (kind) {
        case THRESHOLD -> threshold(text, number(value));
        case VERIFIED ->
            verified(text, WrongAnswerBound.perLookup(number(value)), verifier, settings);
        case VERIFIED_PER_HIT ->
            verified(text, WrongAnswerBound.perHit(number(value)), verifier, settings);
        default ->
            throw new InputException("--matcher " + text + ": there is no such matcher; " + HELP);
      };
    } catch (CacheException e) {
      throw new InputException("--matcher " + text + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new InputException("--matcher " + text + ": " + HELP, e);
    }
  }

  /** Returns whether it has guards and detects languages. */
  public boolean isVerified() {
    return family.equals(VERIFIED);
  }

  /** Returns it for an evaluation. */
  public NamedMatcher named() {
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

  private static MatcherOption verified(
      String text,
      WrongAnswerBound bound,
      Supplier<? extends Verifier> verifier,
      MatcherSettings settings) {
    // Its confidence is a probability that no bound changes, so that it is its own widest.
    Matcher matcher = settings.apply(VerifiedMatcher.builder(verifier.get()).bound(bound)).build();
    return new MatcherOption(text, VERIFIED, matcher, matcher, "verified: at most " + bound);
  }

  private static double number(String value) {
    if (!NUMBER.matcher(value).matches()) {
      throw new IllegalArgumentException("\"" + value + "\" is no number");
    }
    return Double.parseDouble(value);
  }
}
