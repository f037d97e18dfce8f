package dev.reprise.match;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Common typing mistakes: "adress" is read as "address". A text that quotes or asks about spelling
 * is left alone.
 */
final class Misspellings {
  private static final Map<String, String> RIGHT = Language.ENGLISH.aliases("misspellings");
  private static final Pattern WORD = Pattern.compile("\\p{L}+");
  private static final Pattern ABOUT_SPELLING =
      Pattern.compile(
          "[\"`\\u201c\\u00ab]|\\b(?:spel|typo|word\\b|pronounc)", Pattern.CASE_INSENSITIVE);

  private Misspellings() {}

  /** Returns the text without mistakes. */
  static String corrected(String text) {
    Matcher word = WORD.matcher(text);
    StringBuilder corrected = null;
    int copied = 0;
    while (word.find()) {
      String right = RIGHT.get(word.group());
      if (right == null || right.equals(word.group())) {
        continue;
      }
      if (corrected == null) {
        if (ABOUT_SPELLING.matcher(text).find()) {
          return text;
        }
        corrected = new StringBuilder(text.length() + 8);
      }
      corrected.append(text, copied, word.start()).append(right);
      copied = word.end();
    }
    return corrected == null ? text : corrected.append(text, copied, text.length()).toString();
  }
}
