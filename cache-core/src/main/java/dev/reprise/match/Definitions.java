package dev.reprise.match;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/*
 * A. S. Schwartz and M. A. Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text", PSB 2003: what
 * stands in parentheses behind a phrase, or before the parentheses around one, is its short form if its characters occur in the
 * phrase in order. That alone would learn "Retrieval-Augmented Generation (RAM)", whose M is in "Augmented". So here a short form
 * has two capitals, and every word of the phrase but the small ones ("of", "and") gives its first letter.
 */
/** Finds the definitions of acronyms in a text. Linear in the text's length. */
final class Definitions {
  /** The longest short form, in characters: {@value}. */
  static final int SHORT_FORM_LENGTH = 10;

  /** The longest long form, in characters: {@value}. */
  static final int LONG_FORM_LENGTH = 100;

  /** How many characters of a text are looked at: {@value}. */
  static final int TEXT_LENGTH = 20_000;

  /** How many definitions of a text are found at most: {@value}. */
  static final int AT_MOST = 50;

  private static final Set<String> SMALL_WORDS = Language.ENGLISH.words("definitions.small-words");

  /** What may stand between two words of one phrase. */
  private static final String JOINTS = " -/,'*_`\"\u2010\u2011";

  /**
   * A definition, both forms in the singular.
   *
   * @param written the long form as it is written, in the plural where it is
   * @param begin where the definition begins in the text, with whichever form is first
   * @param end where it ends, behind the closing parenthesis
   */
  record Definition(String shortForm, String longForm, String written, int begin, int end) {}

  /** A word's place in a text. */
  private record Span(int begin, int end) {
    String of(String text) {
      return text.substring(begin, end);
    }
  }

  private Definitions() {}

  /** Returns the definitions in {@code text}, in their order. */
  static List<Definition> in(String text) {
    List<Definition> definitions = new ArrayList<>();
    int length = Math.min(text.length(), TEXT_LENGTH);
    int free = 0;
    for (int open = text.indexOf('(');
        open >= 0 && open < length && definitions.size() < AT_MOST;
        open = text.indexOf('(', open + 1)) {
      int close = closing(text, open, length);
      if (close < 0) {
        continue;
      }
      List<Span> before = lastPhrase(text, Math.max(free, open - LONG_FORM_LENGTH), open);
      List<Span> inside = phrase(text, open + 1, close);
      int size = definitions.size();
      if (!before.isEmpty() && inside.size() == 1) {
        addShortFormInside(definitions, text, before, inside.get(0), close + 1);
      } else if (!before.isEmpty() && inside.size() > 1) {
        addLongFormInside(definitions, text, before, inside, close + 1);
      }
      if (definitions.size() > size) {
        free = close + 1;
      }
    }
    return definitions;
  }

  /** Returns what is the same for two ways of writing one long form: case, hyphens, plural. */
  static String normal(String longForm) {
    StringBuilder normal = new StringBuilder(longForm.length());
    int begin = 0;
    for (int i = 0; i <= longForm.length(); i++) {
      if (i < longForm.length() && Character.isLetterOrDigit(longForm.charAt(i))) {
        continue;
      }
      if (i > begin) {
        String word = longForm.substring(begin, i).toLowerCase(Locale.ROOT);
        normal.append(normal.isEmpty() ? "" : " ").append(singular(word));
      }
      begin = i + 1;
    }
    return normal.toString();
  }

  /** Returns {@code word} without the ending of a plural. */
  static String singular(String word) {
    int length = word.length();
    if (length > 4 && word.endsWith("ies")) {
      return word.substring(0, length - 3) + "y";
    }
    boolean isPlural =
        length > 3
            && word.endsWith("s")
            && !word.endsWith("ss")
            && !word.endsWith("us")
            && !word.endsWith("is");
    return isPlural ? word.substring(0, length - 1) : word;
  }

  /** Returns whether {@code token} may be a short form: an acronym, as it is written. */
  static boolean isShortForm(String token) {
    int capitals = 0;
    for (int i = 0; i < token.length(); i++) {
      if (!Character.isLetter(token.charAt(i))) {
        return false;
      }
      if (Character.isUpperCase(token.charAt(i))) {
        capitals++;
      }
    }
    return token.length() <= SHORT_FORM_LENGTH
        && capitals >= 2
        && Character.isUpperCase(token.charAt(0));
  }

  /** Returns "LLM" for "LLMs", and any other token as it is. */
  static String singularShortForm(String token) {
    int last = token.length() - 1;
    return last >= 2 && token.charAt(last) == 's' && Character.isUpperCase(token.charAt(last - 1))
        ? token.substring(0, last)
        : token;
  }

  private static void addShortFormInside(
      List<Definition> definitions, String text, List<Span> before, Span inside, int end) {
    String token = inside.of(text);
    if (!isShortForm(token)) {
      return;
    }
    String shortForm = singularShortForm(token);
    // The shortest phrase that the short form covers.
    for (int from = before.size() - 1; from >= 0; from--) {
      if (covers(shortForm, text, before, from)) {
        int begin = before.get(from).begin();
        String written = text.substring(begin, before.get(before.size() - 1).end());
        definitions.add(definition(token, shortForm, written, begin, end));
        return;
      }
    }
  }

  private static void addLongFormInside(
      List<Definition> definitions, String text, List<Span> before, List<Span> inside, int end) {
    Span last = before.get(before.size() - 1);
    String token = last.of(text);
    String shortForm = singularShortForm(token);
    if (isShortForm(token) && covers(shortForm, text, inside, 0)) {
      String written = text.substring(inside.get(0).begin(), inside.get(inside.size() - 1).end());
      definitions.add(definition(token, shortForm, written, last.begin(), end));
    }
  }

  private static Definition definition(
      String token, String shortForm, String written, int begin, int end) {
    if (token.equals(shortForm)) {
      return new Definition(shortForm, written, written, begin, end);
    }
    int lastWord = Math.max(written.lastIndexOf(' '), written.lastIndexOf('-')) + 1;
    String longForm = written.substring(0, lastWord) + singular(written.substring(lastWord));
    return new Definition(shortForm, longForm, written, begin, end);
  }

  /**
   * Returns where the parenthesis closes that opens at {@code open}, or -1 where it is no short
   * phrase.
   */
  private static int closing(String text, int open, int length) {
    int end = Math.min(length, open + LONG_FORM_LENGTH + 2);
    for (int i = open + 1; i < end; i++) {
      char c = text.charAt(i);
      if (c == ')') {
        return i;
      }
      if (c == '(' || c == '\n') {
        return -1;
      }
    }
    return -1;
  }

  /** Returns the words from {@code begin} to {@code end} if they are one phrase, else none. */
  private static List<Span> phrase(String text, int begin, int end) {
    for (int i = begin; i < end; i++) {
      if (!Character.isLetter(text.charAt(i)) && JOINTS.indexOf(text.charAt(i)) < 0) {
        return List.of();
      }
    }
    return lastPhrase(text, begin, end);
  }

  /** Returns the words of the phrase that ends at {@code end}. */
  private static List<Span> lastPhrase(String text, int begin, int end) {
    List<Span> words = new ArrayList<>();
    int wordBegin = -1;
    for (int i = begin; i <= end; i++) {
      boolean isLetter = i < end && Character.isLetter(text.charAt(i));
      if (isLetter && wordBegin < 0) {
        wordBegin = i;
      } else if (!isLetter && wordBegin >= 0) {
        words.add(new Span(wordBegin, i));
        wordBegin = -1;
      }
      if (i < end && !isLetter && JOINTS.indexOf(text.charAt(i)) < 0) {
        words.clear();
      }
    }
    return words;
  }

  /**
   * Returns whether the characters of {@code shortForm} stand in the words from {@code from} on, in
   * order, and each of these words that is not small gives its first letter, the first word
   * included.
   */
  private static boolean covers(String shortForm, String text, List<Span> words, int from) {
    int count = words.size() - from;
    return count <= 2 * shortForm.length()
        && words.get(from).end() - words.get(from).begin() > 1
        && same(shortForm.charAt(0), text.charAt(words.get(from).begin()))
        && coversFrom(shortForm, 0, text, words, from);
  }

  private static boolean coversFrom(
      String shortForm, int character, String text, List<Span> words, int word) {
    if (word == words.size()) {
      return character == shortForm.length();
    }
    Span span = words.get(word);
    boolean givesFirst =
        character < shortForm.length()
            && same(shortForm.charAt(character), text.charAt(span.begin()));
    if (givesFirst && coversInside(shortForm, character + 1, text, words, word, span.begin() + 1)) {
      return true;
    }
    return SMALL_WORDS.contains(span.of(text).toLowerCase(Locale.ROOT))
        && coversFrom(shortForm, character, text, words, word + 1);
  }

  /** Goes on to the next word, or takes one more character from inside this one. */
  private static boolean coversInside(
      String shortForm, int character, String text, List<Span> words, int word, int position) {
    if (coversFrom(shortForm, character, text, words, word + 1)) {
      return true;
    }
    if (character == shortForm.length()) {
      return false;
    }
    for (int i = position; i < words.get(word).end(); i++) {
      if (same(shortForm.charAt(character), text.charAt(i))) {
        return coversInside(shortForm, character + 1, text, words, word, i + 1);
      }
    }
    return false;
  }

  private static boolean same(char one, char other) {
    return Character.toLowerCase(one) == Character.toLowerCase(other);
  }
}
