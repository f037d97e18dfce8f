package dev.reprise.match;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** See {@link Guard#identifiers}. */
final class IdentifierGuard {
  /** How alike the rest must be for an identifier on one side only to be an objection. */
  private static final double ALIKE = 0.9;

  private static final int LONGEST_QUOTE = 60;

  private static final String EDGES = ".,;:!?()[]{}<>\"'`*";

  private IdentifierGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    Set<String> onlyAsked = missing(pair.askedSide(), pair.cachedSide());
    Set<String> onlyCached = missing(pair.cachedSide(), pair.askedSide());
    if (onlyAsked.isEmpty() && onlyCached.isEmpty()) {
      return Optional.empty();
    }
    if (!onlyAsked.isEmpty() && !onlyCached.isEmpty()) {
      return Optional.of(
          String.format(
              "the question is about %s, the cached one about %s",
              onlyAsked.iterator().next(), onlyCached.iterator().next()));
    }
    Set<String> stems = new TreeSet<>();
    for (String identifier : onlyAsked.isEmpty() ? onlyCached : onlyAsked) {
      for (Word word : QuestionSide.of(identifier).words()) {
        stems.add(word.stem());
      }
    }
    if (pair.overlap(stems) < ALIKE) {
      return Optional.empty();
    }
    return Optional.of(
        onlyCached.isEmpty()
            ? String.format("%s is not in the cached question", onlyAsked.iterator().next())
            : String.format("the cached question is about %s", onlyCached.iterator().next()));
  }

  private static Set<String> missing(QuestionSide here, QuestionSide there) {
    Set<String> missing = new TreeSet<>();
    String otherLower = there.text().toLowerCase(Locale.ROOT);
    for (String identifier : identifiers(here.text())) {
      if (!there.text().contains(identifier)
          && (identifier.charAt(0) == '-'
              || !isWrittenOtherwise(identifier, otherLower, there.squashed()))) {
        missing.add(identifier);
      }
    }
    return missing;
  }

  private static boolean isWrittenOtherwise(
      String identifier, String otherLower, String otherSquashed) {
    String squashed = squashed(identifier);
    return otherLower.contains(identifier.toLowerCase(Locale.ROOT))
        || (squashed.length() > 2 && otherSquashed.contains(squashed));
  }

  private static String squashed(String identifier) {
    StringBuilder squashed = new StringBuilder();
    for (int i = 0; i < identifier.length(); i++) {
      if (Character.isLetterOrDigit(identifier.charAt(i))) {
        squashed.append(Character.toLowerCase(identifier.charAt(i)));
      }
    }
    return squashed.toString();
  }

  private static Set<String> identifiers(String text) {
    Set<String> identifiers = new TreeSet<>();
    int begin = 0;
    while (begin < text.length() && identifiers.size() < QuestionSide.WORDS) {
      char c = text.charAt(begin);
      boolean isFirst = begin == 0 || !Character.isLetterOrDigit(text.charAt(begin - 1));
      if (isFirst && (c == '"' || c == '`' || c == '\'')) {
        int close = closing(text, begin);
        if (close > 0) {
          identifiers.add(text.substring(begin + 1, close));
          begin = close + 1;
          continue;
        }
      }
      if (Character.isWhitespace(c)) {
        begin++;
        continue;
      }
      int end = begin;
      while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
        end++;
      }
      String chunk = trimmed(text.substring(begin, end));
      if (isIdentifier(chunk)) {
        identifiers.add(chunk);
      }
      begin = end;
    }
    return identifiers;
  }

  /** Returns where the quotation closes that opens at {@code open}, or -1 where it is none. */
  private static int closing(String text, int open) {
    int close = text.indexOf(text.charAt(open), open + 1);
    boolean isQuotation =
        close > open + 1
            && close <= open + LONGEST_QUOTE
            && (close + 1 == text.length() || !Character.isLetterOrDigit(text.charAt(close + 1)))
            && !text.substring(open + 1, close).isBlank();
    return isQuotation ? close : -1;
  }

  private static String trimmed(String chunk) {
    int begin = 0;
    int end = chunk.length();
    while (begin < end && EDGES.indexOf(chunk.charAt(begin)) >= 0) {
      begin++;
    }
    while (end > begin && EDGES.indexOf(chunk.charAt(end - 1)) >= 0) {
      end--;
    }
    return chunk.substring(begin, end);
  }

  private static boolean isIdentifier(String chunk) {
    if (chunk.length() < 2) {
      return false;
    }
    char first = chunk.charAt(0);
    if (first == '-') {
      int letter = chunk.charAt(1) == '-' ? 2 : 1;
      return letter < chunk.length() && Character.isLetter(chunk.charAt(letter));
    }
    if ((first == '/' || first == '~') && Character.isLetterOrDigit(chunk.charAt(1))) {
      return true;
    }
    boolean hasLetter = Character.isLetter(first);
    boolean hasDigit = Character.isDigit(first);
    for (int i = 1; i < chunk.length(); i++) {
      char before = chunk.charAt(i - 1);
      char c = chunk.charAt(i);
      boolean isInside = i + 1 < chunk.length();
      boolean isCamelCase = Character.isLowerCase(before) && Character.isUpperCase(c);
      if (isCamelCase || (isInside && isJoint(chunk, i))) {
        return true;
      }
      hasLetter |= Character.isLetter(c);
      hasDigit |= Character.isDigit(c);
    }
    return hasLetter && hasDigit && isMixed(chunk);
  }

  /** Returns whether the sign at {@code at} joins the parts of a name in code: a_b, a.bc, a::b. */
  private static boolean isJoint(String chunk, int at) {
    char c = chunk.charAt(at);
    return c == '_'
        || (c == ':' && chunk.charAt(at - 1) == ':')
        || (c == '.' && isDotInside(chunk, at));
  }

  /** "pom.xml", but neither "U.S." nor a sentence.That begins without a space. */
  private static boolean isDotInside(String chunk, int at) {
    return at > 1
        && at + 2 < chunk.length()
        && Character.isLetter(chunk.charAt(at - 1))
        && Character.isLowerCase(chunk.charAt(at + 1))
        && chunk.charAt(at - 2) != '.';
  }

  /** "B12", "mp3" and "62XL", not "5km", "3rd" or "10k": those are numbers. */
  private static boolean isMixed(String chunk) {
    if (!chunk.chars().allMatch(Character::isLetterOrDigit)) {
      return false;
    }
    if (Character.isLetter(chunk.charAt(0))) {
      boolean isVersion =
          Character.toLowerCase(chunk.charAt(0)) == 'v' && Character.isDigit(chunk.charAt(1));
      return !isVersion;
    }
    int letters = 0;
    while (letters < chunk.length() && Character.isDigit(chunk.charAt(letters))) {
      letters++;
    }
    String suffix = chunk.substring(letters).toLowerCase(Locale.ROOT);
    return !Quantity.isSuffix(suffix) && !Unit.isSuffix(suffix);
  }
}
