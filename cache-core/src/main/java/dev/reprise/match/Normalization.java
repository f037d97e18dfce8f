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

  private static final List<String> GREETINGS =
      List.of(
          "good morning",
          "good afternoon",
          "good evening",
          "hello there",
          "hi there",
          "hey there",
          "hi all",
          "hello everyone",
          "hi everyone",
          "hello",
          "greetings",
          "hey",
          "hi",
          "excuse me",
          "sorry to bother you",
          "quick question",
          "question");

  /** What leads up to a question: taken off where a question word follows. */
  private static final List<String> LEADS =
      List.of(
          "can you please tell me",
          "could you please tell me",
          "would you please tell me",
          "can you kindly tell me",
          "could you kindly tell me",
          "can you tell me please",
          "could you tell me please",
          "can you tell me",
          "could you tell me",
          "would you tell me",
          "will you tell me",
          "can someone tell me",
          "could someone tell me",
          "can anyone tell me",
          "can anybody tell me",
          "can you let me know",
          "could you let me know",
          "please let me know",
          "let me know",
          "would you mind telling me",
          "i would like to know",
          "i'd like to know",
          "i would love to know",
          "i want to know",
          "i need to know",
          "i was just wondering",
          "i was wondering",
          "i am wondering",
          "i'm wondering",
          "i wonder",
          "just wondering",
          "do you happen to know",
          "do you know",
          "does anyone know",
          "tell me");

  /** What makes a request of an order: taken off where one of {@link #ORDERS} follows. */
  private static final List<String> REQUESTS =
      List.of(
          "can you please",
          "could you please",
          "would you please",
          "will you please",
          "can you kindly",
          "could you kindly",
          "can you",
          "could you",
          "would you",
          "will you",
          "please can you",
          "please could you",
          "kindly");

  private static final Set<String> ORDERS =
      Set.of(
          "explain",
          "describe",
          "define",
          "summarize",
          "summarise",
          "show",
          "give",
          "list",
          "tell",
          "help",
          "compare",
          "clarify",
          "outline",
          "recommend",
          "suggest",
          "provide",
          "walk");

  private static final Set<String> QUESTION_WORDS =
      Set.of(
          "what", "what's", "whats", "who", "who's", "whose", "whom", "where", "where's", "when",
          "when's", "why", "why's", "which", "how", "how's", "is", "are", "was", "were", "do",
          "does", "did", "can", "could", "should", "would", "will", "may", "must", "has", "have",
          "had", "if", "whether", "isn't", "aren't", "don't", "doesn't", "didn't", "can't", "won't",
          "i", "i'm", "i'd", "i've", "my", "we", "our", "please", "pls");

  private static final List<String> THANKS =
      List.of(
          "thank you very much in advance",
          "thank you so much in advance",
          "thank you in advance",
          "thanks in advance",
          "many thanks in advance",
          "thank you very much",
          "thank you so much",
          "thanks very much",
          "thanks so much",
          "thanks a lot",
          "many thanks",
          "kind regards",
          "best regards",
          "thank you",
          "thanks",
          "cheers",
          "regards",
          "thx",
          "tia");

  private static final List<String> PLEAS = List.of("please", "pls", "plz");

  /** Words whose object a "please" at the end may be. */
  private static final Set<String> SPEAKING =
      Set.of(
          "say",
          "saying",
          "spell",
          "write",
          "word",
          "words",
          "mean",
          "means",
          "called",
          "use",
          "using",
          "of",
          "is",
          "the",
          "a",
          "for",
          "with",
          "without",
          "and",
          "or",
          "to",
          "pronounce");

  private static final Map<String, String> CONTRACTIONS =
      Map.ofEntries(
          Map.entry("can't", "can not"),
          Map.entry("cannot", "can not"),
          Map.entry("cant", "can not"),
          Map.entry("won't", "will not"),
          Map.entry("shan't", "shall not"),
          Map.entry("dont", "do not"),
          Map.entry("doesnt", "does not"),
          Map.entry("didnt", "did not"),
          Map.entry("isnt", "is not"),
          Map.entry("arent", "are not"),
          Map.entry("wasnt", "was not"),
          Map.entry("couldnt", "could not"),
          Map.entry("wouldnt", "would not"),
          Map.entry("shouldnt", "should not"),
          Map.entry("hasnt", "has not"),
          Map.entry("havent", "have not"),
          Map.entry("whats", "what is"),
          Map.entry("what's", "what is"),
          Map.entry("i'd", "i would"),
          Map.entry("who's", "who is"),
          Map.entry("where's", "where is"),
          Map.entry("when's", "when is"),
          Map.entry("why's", "why is"),
          Map.entry("how's", "how is"),
          Map.entry("that's", "that is"),
          Map.entry("thats", "that is"),
          Map.entry("there's", "there is"),
          Map.entry("here's", "here is"),
          Map.entry("it's", "it is"),
          Map.entry("he's", "he is"),
          Map.entry("she's", "she is"),
          Map.entry("let's", "let us"),
          Map.entry("i'm", "i am"));

  private Normalization() {}

  /**
   * Returns {@code text} in one Unicode form, with single spaces, none at the ends, and straight
   * quotes. Never blank where {@code text} is not.
   */
  static String even(String text) {
    String even = spaced(compatible(text));
    return even.isEmpty() ? text : even;
  }

  /**
   * Returns {@link #even} text without politeness at its ends and without the punctuation that ends
   * it. Its case stays. Never blank where {@code text} is not.
   */
  static String tidy(String text) {
    String even = even(text);
    String tidy = withoutEnd(withoutBeginning(withoutEnd(even)));
    return tidy.isBlank() ? even : tidy;
  }

  /**
   * Returns what is equal for two tidy texts that differ in case, in contractions and in commas
   * between words only.
   */
  static String key(String tidy) {
    StringBuilder key = new StringBuilder(tidy.length() + 16);
    for (String word : tidy.toLowerCase(Locale.ROOT).split(" ", -1)) {
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
