package dev.reprise.engine;

import dev.reprise.resource.ResourceText;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/*
 * A wrong guess costs one call that fails like the first: a refusal is believed only where the model answers without the temperature.
 */
/** Recognises a provider's refusal of the parameter "temperature". */
public final class TemperatureRefusal {
  private static final int BAD_REQUEST = 400;
  private static final int UNPROCESSABLE = 422;

  /** The parameter that an error names apart from its message, as OpenAI's errors do. */
  private static final Pattern PARAMETER = Pattern.compile("\"param\"\\s*:\\s*\"([^\"]{1,200})\"");

  private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-f]{4})");

  /** What is found in a refusal's text. */
  private static final List<String> SIGNS = signs();

  private TemperatureRefusal() {}

  private static List<String> signs() {
    return ResourceText.read(TemperatureRefusal.class, "refused-temperature.txt")
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .toList();
  }

  /**
   * Returns whether a response with this status and text may be the refusal of a temperature, so
   * that it is worth asking once more without one.
   *
   * @param status the HTTP status
   * @param text the body of the response, or the message of the exception
   */
  public static boolean isLikely(int status, String text) {
    return (status == BAD_REQUEST || status == UNPROCESSABLE) && isLikely(text);
  }

  /** The same, where the status is not known. */
  public static boolean isLikely(String text) {
    String lower = unescaped(text.toLowerCase(Locale.ROOT));
    Matcher parameter = PARAMETER.matcher(lower);
    return parameter.find()
        ? parameter.group(1).contains("temperature")
        : SIGNS.stream().anyMatch(lower::contains);
  }

  /** Returns {@code text} with the characters that JSON may write as escapes. */
  private static String unescaped(String text) {
    return text.contains("\\u")
        ? ESCAPE.matcher(text).replaceAll(TemperatureRefusal::character)
        : text;
  }

  private static String character(MatchResult escape) {
    return Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 16)));
  }
}
