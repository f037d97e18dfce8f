package dev.reprise.policy;

import dev.reprise.policy.FirstCharacters.Beginnings;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/*
 * A regular expression is tried at every character of a text, with all its alternatives. Nearly all the rules' expressions begin with
 * a word, so that most of these tries are in vain, and they were most of what a question cost that has a word that rules wait for. Here
 * an expression is tried only at the characters that it can begin with, and not inside a word where it begins at a word's edge.
 */
/**
 * Several regular expressions, of which one is to be found in a text. Finds what {@link
 * Matcher#find} of each would find. Immutable.
 */
final class Expressions {
  private final List<Pattern> patterns;

  /** The places of the patterns that can begin with a character, by its code. */
  private final int[][] byFirst = new int[FirstCharacters.END + 1][];

  /** Where in a text the pattern can be found. */
  private final Where[] where;

  private enum Where {
    ANYWHERE,
    AT_A_WORDS_EDGE,
    AT_THE_BEGINNING
  }

  Expressions(List<Pattern> patterns) {
    this.patterns = List.copyOf(patterns);
    List<Beginnings> beginnings = this.patterns.stream().map(FirstCharacters::of).toList();
    this.where =
        IntStream.range(0, beginnings.size())
            .mapToObj(place -> where(this.patterns.get(place).pattern(), beginnings.get(place)))
            .toArray(Where[]::new);
    for (int i = 0; i < byFirst.length; i++) {
      int code = i;
      byFirst[i] =
          IntStream.range(0, beginnings.size())
              .filter(place -> beginnings.get(place).codes().get(code))
              .toArray();
    }
  }

  private static Where where(String expression, Beginnings beginnings) {
    if (beginnings.isOneSequence() && expression.startsWith("^")) {
      return Where.AT_THE_BEGINNING;
    }
    return beginnings.isOneSequence() && expression.startsWith("\\b")
        ? Where.AT_A_WORDS_EDGE
        : Where.ANYWHERE;
  }

  /** Returns whether one of them is found in {@code text}. */
  boolean areFoundIn(String text) {
    if (patterns.isEmpty()) {
      return false;
    }
    Matcher matcher = null;
    char before = ' ';
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : ' ';
      int code = i < text.length() ? FirstCharacters.code(c) : FirstCharacters.END;
      for (int place : byFirst[code]) {
        if (isNowhere(where[place], i, before, c)) {
          continue;
        }
        if (matcher == null) {
          matcher = patterns.get(place).matcher(text);
          matcher.useTransparentBounds(true).useAnchoringBounds(false);
        } else {
          matcher.usePattern(patterns.get(place));
        }
        if (matcher.region(i, text.length()).lookingAt()) {
          return true;
        }
      }
      before = c;
    }
    return false;
  }

  /** Returns whether nothing that can be found {@code where} says begins at {@code i}. */
  private static boolean isNowhere(Where where, int i, char before, char c) {
    return switch (where) {
      case AT_THE_BEGINNING -> i > 0;
      case AT_A_WORDS_EDGE -> isAsciiWord(before) && isAsciiWord(c);
      // Within a character of two.
      case ANYWHERE -> Character.isHighSurrogate(before) && Character.isLowSurrogate(c);
    };
  }

  private static boolean isAsciiWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
}
