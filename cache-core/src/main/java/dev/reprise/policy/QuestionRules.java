package dev.reprise.policy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/*
 * Every request passes here, and hardly one is recognised. So one scan over the text finds the words that some rule waits for;
 * only the rules whose word is there run their regular expressions.
 */
/** Finds the first of several rules that recognises a text. */
final class QuestionRules {
  private static final Pattern END_OF_SENTENCE =
      Pattern.compile("[?!\\n]+|(?<!\\b(?:St|Mr|Mrs|Ms|Dr|vs|U\\.S))\\.(?=\\s|$)");

  private final List<QuestionRule> rules;
  private final BitSet askedAlways = new BitSet();
  private final Map<String, BitSet> askedWith = new HashMap<>();
  private final int longestWord;

  QuestionRules(List<QuestionRule> rules) {
    this.rules = List.copyOf(rules);
    int longest = 0;
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).words().isEmpty()) {
        askedAlways.set(i);
      }
      for (String word : rules.get(i).words()) {
        askedWith.computeIfAbsent(word, unused -> new BitSet()).set(i);
        longest = Math.max(longest, word.length());
      }
    }
    this.longestWord = longest;
  }

  /** Returns the first rule that recognises {@code text}. */
  Optional<QuestionRule> first(String text) {
    String excerpt = excerpt(text);
    BitSet asked = asked(excerpt);
    if (asked.isEmpty()) {
      return Optional.empty();
    }
    List<String> sentences = sentences(excerpt);
    for (int i = asked.nextSetBit(0); i >= 0; i = asked.nextSetBit(i + 1)) {
      QuestionRule rule = rules.get(i);
      if (sentences.stream().anyMatch(rule::isFoundIn)) {
        return Optional.of(rule);
      }
    }
    return Optional.empty();
  }

  private static String excerpt(String text) {
    int half = QuestionRule.LONGEST_TEXT / 2;
    return text.length() <= QuestionRule.LONGEST_TEXT
        ? text
        : text.substring(0, half) + "\n" + text.substring(text.length() - half);
  }

  private BitSet asked(String text) {
    BitSet asked = (BitSet) askedAlways.clone();
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean isInWord = i < text.length() && Character.isLetterOrDigit(text.charAt(i));
      if (isInWord) {
        start = start < 0 ? i : start;
      } else if (start >= 0) {
        if (i - start <= longestWord) {
          BitSet waiting = askedWith.get(text.substring(start, i).toLowerCase(Locale.ROOT));
          if (waiting != null) {
            asked.or(waiting);
          }
        }
        start = -1;
      }
    }
    return asked;
  }

  /** Returns the sentences, each with the mark that ends it and in one line. */
  private static List<String> sentences(String text) {
    List<String> sentences = new ArrayList<>();
    Matcher end = END_OF_SENTENCE.matcher(text);
    int start = 0;
    while (end.find()) {
      add(sentences, text.substring(start, end.end()));
      start = end.end();
    }
    add(sentences, text.substring(start));
    return sentences;
  }

  private static void add(List<String> sentences, String sentence) {
    String stripped = sentence.strip().replace('\u2019', '\'');
    if (!stripped.isEmpty()) {
      sentences.add(stripped);
    }
  }
}
