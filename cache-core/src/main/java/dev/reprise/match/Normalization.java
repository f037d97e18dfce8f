package dev.reprise.match;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/*
 * What is taken off is a list, not a guess: a word that is not on it stays. A phrase is taken off the beginning where what follows
 * begins a question or a request, and off the end where it stands apart, so that "How do you say thank you?" keeps its thanks.
 */
/**
 * Brings a question to the form in which it is compared: the same words without the dress. Linear
 * in the text's length.
 */
final class Normalization {
  /** How many phrases are taken off each end at most. */
  private static final int PHRASES = 6;

  /** What ends a question and is no part of it. */
  private static final String PUNCTUATION = "?!.,;: \u3002\u061f";

  private static final List<String> GREETINGS = Language.ENGLISH.lines("normalization.greetings");

  /** What leads up to a question: taken off where a question word follows. */
  private static final List<String> LEADS = Language.ENGLISH.lines("normalization.leads");

  /** What makes a request of an order: taken off where one of {@link #ORDERS} follows. */
  private static final List<String> REQUESTS = Language.ENGLISH.lines("normalization.requests");

  private static final Set<String> ORDERS = Language.ENGLISH.words("normalization.orders");

  private static final Set<String> QUESTION_WORDS =
      Language.ENGLISH.words("normalization.question-words");

  private static final List<String> THANKS = Language.ENGLISH.lines("normalization.thanks");

  private static final List<String> PLEAS = Language.ENGLISH.lines("normalization.pleas");

  /** Words whose object a "please" at the end may be. */
  private static final Set<String> SPEAKING = Language.ENGLISH.words("normalization.speaking");

  private static final Map<String, String> CONTRACTIONS =
      Language.ENGLISH.map("normalization.contractions");

  private Normalization() {}

  /**
   * Returns {@code text} in one Unicode form, with single spaces, none at the ends, and straight
   * quotes. Never blank where {@code text} is not.
   */
  static String unicodeForm(String text) {
    String spaced = spaced(compatible(text));
    return spaced.isEmpty() ? text : spaced;
  }

  /**
   * Returns the {@link #unicodeForm} of {@code text} without politeness at its ends and without the
   * punctuation that ends it. Its case stays. Never blank where {@code text} is not.
   */
  static String withoutPoliteness(String text) {
    String unicodeForm = unicodeForm(text);
    String bare = withoutEnd(withoutBeginning(withoutEnd(unicodeForm)));
    return bare.isBlank() ? unicodeForm : bare;
  }

  /**
   * Returns a key that is equal for two texts {@link #withoutPoliteness} that differ only in case,
   * in contractions and in commas between words.
   */
  static String comparisonKey(String question) {
    StringBuilder key = new StringBuilder(question.length() + 16);
    for (String word : question.toLowerCase(Locale.ROOT).split(" ", -1)) {
      String bare = word.endsWith(",") ? word.substring(0, word.length() - 1) : word;
      if (!key.isEmpty()) {
        key.append(' ');
      }
      key.append(expanded(bare));
    }
    return key.toString();
  }

  /** Returns the words that a contraction stands for, in lower case; else the word itself. */
  static String expanded(String word) {
    String known = CONTRACTIONS.get(word);
    if (known != null) {
      return known;
    }
    if (word.length() > 3) {
      String beginning = word.substring(0, word.length() - 3);
      if (word.endsWith("n't")) {
        return beginning + " not";
      }
      if (word.endsWith("'re")) {
        return beginning + " are";
      }
      if (word.endsWith("'ll")) {
        return beginning + " will";
      }
      if (word.endsWith("'ve")) {
        return beginning + " have";
      }
    }
    return word;
  }

  /**
   * NFKC, but for the likes of superscripts and fractions, whose compatible form says something
   * else: 10² is not 102.
   */
  private static String compatible(String text) {
    if (isAscii(text)) {
      return text;
    }
    StringBuilder compatible = new StringBuilder(text.length() + 8);
    int begin = 0;
    for (int i = 0; i < text.length(); i++) {
      if (Character.getType(text.charAt(i)) == Character.OTHER_NUMBER) {
        compatible.append(Normalizer.normalize(text.substring(begin, i), Normalizer.Form.NFKC));
        compatible.append(text.charAt(i));
        begin = i + 1;
      }
    }
    compatible.append(Normalizer.normalize(text.substring(begin), Normalizer.Form.NFKC));
    return compatible.toString();
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 128) {
        return false;
      }
    }
    return true;
  }

  /** Single spaces, none at the ends; straight quotes. */
  private static String spaced(String text) {
    StringBuilder spaced = new StringBuilder(text.length());
    boolean isSpace = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
        isSpace = !spaced.isEmpty();
        continue;
      }
      if (isSpace) {
        spaced.append(' ');
        isSpace = false;
      }
      spaced.append(straight(c));
    }
    return spaced.toString();
  }

  private static char straight(char c) {
    return switch (c) {
      case '\u2018', '\u2019', '\u02bc', '\u00b4' -> '\'';
      case '\u201c', '\u201d', '\u201e' -> '"';
      default -> c;
    };
  }

  private static String withoutBeginning(String text) {
    String rest = text;
    for (int i = 0; i < PHRASES; i++) {
      String shorter = shorterAtBeginning(rest);
      if (shorter.length() == rest.length()) {
        break;
      }
      rest = shorter;
    }
    return rest;
  }

  private static String shorterAtBeginning(String text) {
    for (String phrase : GREETINGS) {
      int end = endOf(phrase, text);
      if (end > 0 && (isPause(text, end) || isQuestion(text, end))) {
        return after(text, end);
      }
    }
    for (String phrase : LEADS) {
      int end = endOf(phrase, text);
      if (end > 0 && isQuestion(text, end)) {
        return after(text, end);
      }
    }
    for (String phrase : REQUESTS) {
      int end = endOf(phrase, text);
      if (end > 0 && ORDERS.contains(firstWord(text, end))) {
        return after(text, end);
      }
    }
    for (String phrase : PLEAS) {
      int end = endOf(phrase, text);
      if (end > 0 && isFollowedByLowerCase(text, end)) {
        return after(text, end);
      }
    }
    return text;
  }

  /**
   * Returns where {@code phrase} ends at the beginning of {@code text} with more behind it, or 0.
   */
  private static int endOf(String phrase, String text) {
    int end = phrase.length();
    return text.length() > end + 1
            && text.regionMatches(true, 0, phrase, 0, end)
            && (text.charAt(end) == ' ' || isPause(text, end))
        ? end
        : 0;
  }

  private static boolean isPause(String text, int at) {
    char c = text.charAt(at);
    return (c == ',' || c == '!' || c == '.' || c == ':' || c == ';')
        && at + 1 < text.length()
        && text.charAt(at + 1) == ' ';
  }

  private static boolean isQuestion(String text, int from) {
    return QUESTION_WORDS.contains(firstWord(text, from))
        || ORDERS.contains(firstWord(text, from))
        || isRequest(text, from);
  }

  private static boolean isRequest(String text, int from) {
    String rest = after(text, from);
    for (String phrase : REQUESTS) {
      if (endOf(phrase, rest) > 0) {
        return true;
      }
    }
    return false;
  }

  private static String firstWord(String text, int from) {
    int begin = from;
    while (begin < text.length() && !Character.isLetterOrDigit(text.charAt(begin))) {
      begin++;
    }
    int end = begin;
    while (end < text.length()
        && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '\'')) {
      end++;
    }
    return text.substring(begin, end).toLowerCase(Locale.ROOT);
  }

  private static boolean isFollowedByLowerCase(String text, int from) {
    String rest = after(text, from);
    return !rest.isEmpty()
        && (Character.isLowerCase(rest.charAt(0))
            || QUESTION_WORDS.contains(firstWord(rest, 0))
            || ORDERS.contains(firstWord(rest, 0)));
  }

  private static String after(String text, int from) {
    int begin = from;
    while (begin < text.length() && (text.charAt(begin) == ' ' || isPause(text, begin))) {
      begin++;
    }
    return text.substring(begin);
  }

  private static String withoutEnd(String text) {
    String rest = withoutPunctuation(text);
    for (int i = 0; i < PHRASES; i++) {
      String shorter = withoutPunctuation(shorterAtEnd(rest));
      if (shorter.length() == rest.length()) {
        break;
      }
      rest = shorter;
    }
    return rest;
  }

  private static String shorterAtEnd(String text) {
    for (String phrase : THANKS) {
      int begin = beginOf(phrase, text);
      if (begin > 1 && ",.!?;".indexOf(text.charAt(begin - 2)) >= 0) {
        return text.substring(0, begin - 1);
      }
    }
    for (String phrase : PLEAS) {
      int begin = beginOf(phrase, text);
      if (begin > 1 && !SPEAKING.contains(lastWord(text, begin - 1))) {
        return text.substring(0, begin - 1);
      }
    }
    return text;
  }

  /** Returns where {@code phrase} begins at the end of {@code text} behind a space, or 0. */
  private static int beginOf(String phrase, String text) {
    int begin = text.length() - phrase.length();
    return begin > 1
            && text.charAt(begin - 1) == ' '
            && text.regionMatches(true, begin, phrase, 0, phrase.length())
        ? begin
        : 0;
  }

  private static String lastWord(String text, int end) {
    int begin = end;
    while (begin > 0 && Character.isLetterOrDigit(text.charAt(begin - 1))) {
      begin--;
    }
    return text.substring(begin, end).toLowerCase(Locale.ROOT);
  }

  /** Returns whether {@code text} is nothing but what may be taken off an end as punctuation. */
  static boolean isPunctuation(String text) {
    return text.chars().allMatch(c -> PUNCTUATION.indexOf(c) >= 0);
  }

  /** An exclamation mark behind a digit is a factorial, and stays. */
  private static String withoutPunctuation(String text) {
    int end = text.length();
    while (end > 0) {
      char c = text.charAt(end - 1);
      boolean isFactorial = c == '!' && end > 1 && Character.isDigit(text.charAt(end - 2));
      if (isFactorial || PUNCTUATION.indexOf(c) < 0) {
        break;
      }
      end--;
    }
    return text.substring(0, end);
  }
}
