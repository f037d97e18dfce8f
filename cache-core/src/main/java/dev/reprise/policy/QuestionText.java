package dev.reprise.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The forms of one question that rules see. */
final class QuestionText {
  private static final String ENDS = "?!\n\u3002\uff1f\uff01";

  /** A full stop that ends a sentence, and no abbreviation. */
  private static final Pattern FULL_STOP =
      Pattern.compile("(?<!\\b(?:st|mr|mrs|ms|dr|vs|u\\.s))\\.(?=\\s|$)", Pattern.CASE_INSENSITIVE);

  /** Code, and what stands in quotation marks. A quotation mark inside a word is an apostrophe. */
  private static final Pattern QUOTED =
      Pattern.compile(
          "```.{0,2000}?(?:```|$)|`[^`\\n"
              + "]{1,400}`|\"[^\"\\n"
              + "]{1,400}\"|(?<![\\p{L}\\d])'(?=\\S)(?:[^'\\n"
              + "]|(?<=\\p{L})'(?=\\p{L})){1,400}+'(?![\\p{L}\\d])",
          Pattern.DOTALL);

  /** How far a request such as "Translate this into German:" reaches at most. */
  private static final int LONGEST_TASK = 200;

  /** How many letters must stand outside quotation marks before they are taken as a quotation. */
  private static final int FEWEST_LETTERS = 4;

  private final String excerpt;
  private final String folded;

  QuestionText(String text) {
    int half = QuestionRule.LONGEST_TEXT / 2;
    this.excerpt =
        text.length() <= QuestionRule.LONGEST_TEXT
            ? text
            : text.substring(0, half) + "\n" + text.substring(text.length() - half);
    this.folded = Folding.fold(excerpt);
  }

  /** Returns all that is looked at, folded. */
  String folded() {
    return folded;
  }

  /** Returns the sentences as they stand, each with the mark that ends it and in one line. */
  List<String> rawSentences() {
    return sentences(excerpt.replace('\u2019', '\''));
  }

  /**
   * Returns the sentences of what is asked, folded: without quotations, code, and the text that a
   * task is given.
   *
   * @param task finds a request that is followed by the text that it is about
   */
  List<String> asked(Expressions task) {
    String text = folded;
    if (text.indexOf('"') >= 0 || text.indexOf('\'') >= 0 || text.indexOf('`') >= 0) {
      String unquoted = QUOTED.matcher(text).replaceAll("\"\"");
      if (letters(unquoted) >= FEWEST_LETTERS) {
        text = unquoted;
      }
    }
    int end = endOfTask(text);
    if (end > 0 && task.areFoundIn(text.substring(0, end))) {
      text = text.substring(0, end);
    }
    return sentences(text);
  }

  /**
   * Returns where the first line or the part before a colon ends; -1 where there is no such end.
   */
  private static int endOfTask(String text) {
    int from = 0;
    while (from < text.length() && Character.isWhitespace(text.charAt(from))) {
      from++;
    }
    int most = Math.min(text.length() - 1, from + LONGEST_TASK);
    for (int i = from; i < most; i++) {
      char c = text.charAt(i);
      if (c == '\n' || (c == ':' && !Character.isLetterOrDigit(text.charAt(i + 1)))) {
        return i;
      }
    }
    return -1;
  }

  private static long letters(String text) {
    return text.chars()
        .mapToLong(c -> Character.isIdeographic(c) ? 2 : Character.isLetter(c) ? 1 : 0)
        .sum();
  }

  private static List<String> sentences(String text) {
    List<String> sentences = new ArrayList<>();
    Matcher fullStop = null;
    int start = 0;
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      i++;
      if (ENDS.indexOf(c) >= 0) {
        while (i < text.length() && ENDS.indexOf(text.charAt(i)) >= 0) {
          i++;
        }
      } else if (c == '.') {
        fullStop = fullStop == null ? FULL_STOP.matcher(text) : fullStop;
        fullStop.region(i - 1, text.length()).useTransparentBounds(true);
        if (!fullStop.lookingAt()) {
          continue;
        }
      } else {
        continue;
      }
      add(sentences, text.substring(start, i));
      start = i;
    }
    add(sentences, text.substring(start));
    return sentences;
  }

  private static void add(List<String> sentences, String sentence) {
    String stripped = sentence.strip();
    if (!stripped.isEmpty()) {
      sentences.add(stripped);
    }
  }
}
