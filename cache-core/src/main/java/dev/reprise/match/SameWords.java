package dev.reprise.match;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Brings a question to what is equal for two that say the same in the same words, however numbers,
 * units, dates and versions are written: "1,000" and "1k", "2 weeks" and "14 days", "$5" and "5
 * dollars", "Jan" and "January", "version 2" and "v2".
 */
final class SameWords {
  /** Signs that are read as the words for them. */
  private static final String AS_WORDS = "%$€£₹¥°";

  private SameWords() {}

  /**
   * Returns that form of a question.
   *
   * @param side the question, read
   * @param tidy the question's {@linkplain Normalization#withoutPoliteness tidy} form
   */
  static List<String> of(QuestionSide side, String tidy) {
    List<String> same = words(hasWordsOf(side, tidy) ? side : QuestionSide.of(tidy));
    same.add(signs(tidy));
    return same;
  }

  /**
   * Returns that form of a question without typing mistakes, to compare wordings.
   *
   * @param tidy the question's tidy form
   * @param same what {@link #of} made of it
   */
  static List<String> spelled(String tidy, List<String> same) {
    String corrected = Misspellings.corrected(tidy);
    return corrected.equals(tidy) ? same : of(QuestionSide.of(corrected), corrected);
  }

  /** Returns whether all that was taken off the question is the punctuation that ended it. */
  private static boolean hasWordsOf(QuestionSide side, String tidy) {
    return side.text().startsWith(tidy)
        && Normalization.isPunctuation(side.text().substring(tidy.length()));
  }

  private static List<String> words(QuestionSide side) {
    Map<Integer, Quantity> quantities = new HashMap<>();
    side.quantities().forEach(quantity -> quantities.put(quantity.word(), quantity));
    List<Word> words = side.words();
    List<String> same = new ArrayList<>(words.size());
    int at = 0;
    while (at < words.size()) {
      Quantity quantity = quantities.get(at);
      if (quantity == null || quantity.isArticle()) {
        same.add(same(words.get(at).lower()));
        at++;
      } else {
        at = add(same, words, quantity);
      }
    }
    return same;
  }

  /**
   * Returns the signs that are neither punctuation nor read as words: ".NET" and "Z+" have some.
   */
  private static String signs(String text) {
    StringBuilder signs = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isLetterOrDigit(c) || Character.isWhitespace(c) || AS_WORDS.indexOf(c) >= 0) {
        continue;
      }
      boolean isBehindText = i > 0 && Character.isLetterOrDigit(text.charAt(i - 1));
      boolean isBeforeText = i + 1 < text.length() && Character.isLetterOrDigit(text.charAt(i + 1));
      boolean isPunctuation =
          switch (c) {
            case ',', ';', '?', '!', '\'' -> true;
            case '.', ':' -> isBehindText || !isBeforeText;
            case '-' -> (isBehindText && isBeforeText) || isDash(text, i);
            default -> false;
          };
      if (!isPunctuation) {
        signs.append(c);
      }
    }
    return signs.toString();
  }

  /** Returns whether a hyphen is a dash between two words: "recursion - what is it". */
  private static boolean isDash(String text, int at) {
    return at > 2
        && at + 3 < text.length()
        && text.charAt(at - 1) == ' '
        && text.charAt(at + 1) == ' '
        && Character.isLetter(text.charAt(at - 2))
        && Character.isLetter(text.charAt(at - 3))
        && Character.isLetter(text.charAt(at + 2))
        && Character.isLetter(text.charAt(at + 3));
  }

  private static String same(String lower) {
    Unit unit = Unit.named(lower);
    return unit == null ? DateGuard.canonical(lower) : unit.name();
  }

  /** Adds a number with its unit, and returns the index behind them. */
  private static int add(List<String> same, List<Word> words, Quantity quantity) {
    int end = quantity.end();
    if (quantity.isVersion()) {
      removeLast(same, "version");
      same.add("v" + quantity.written());
      return end;
    }
    Unit unit = quantity.unit();
    if (unit == null) {
      boolean isRank = quantity.isOrdinal() && !isNearDate(words, quantity);
      same.add(quantity.value() + (isRank ? "th" : ""));
      return end;
    }
    boolean isBehind = end < words.size() && unit.equals(Unit.of(words.get(end).lower()));
    if (!isBehind) {
      removeLast(same, unit.name());
    }
    same.add(
        unit.factor() > 0
            ? String.format(
                Locale.ROOT,
                "%.6g %s",
                Double.parseDouble(quantity.value()) * unit.factor(),
                unit.dimension())
            : quantity.value() + " " + unit.name());
    return isBehind ? end + 1 : end;
  }

  /** Returns whether it stands beside a month or a day: "May 2nd" is "May 2". */
  private static boolean isNearDate(List<Word> words, Quantity quantity) {
    int first = Math.max(quantity.word() - 2, 0);
    int last = Math.min(quantity.end() + 2, words.size());
    return words.subList(first, last).stream().map(Word::lower).anyMatch(DateGuard::isDate);
  }

  private static void removeLast(List<String> same, String word) {
    int last = same.size() - 1;
    if (last >= 0 && same.get(last).equals(word)) {
      same.remove(last);
    }
  }
}
