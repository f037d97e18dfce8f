package dev.reprise.match;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A question that asks what something is, and nothing else: "What is X?", "Can you explain X?",
 * "Define X".
 *
 * @param term what is asked about, in one form for case, hyphens and plural
 * @param field as it is written: "AI" in "explain X in AI"; empty where none is named
 */
record DefinitionRequest(String term, String field) {
  private static final List<String> BEGINNINGS =
      Language.ENGLISH.lines("definition-request.beginnings").stream()
          .map(line -> line + " ")
          .toList();

  /** Before these, "what is" asks for a value, not for a meaning. */
  private static final Set<String> DETERMINERS =
      Language.ENGLISH.words("definition-request.determiners");

  private static final int WORDS = 6;

  /** Returns what {@code tidy} asks the meaning of, or null where it is another question. */
  static @Nullable DefinitionRequest of(String tidy) {
    for (String beginning : BEGINNINGS) {
      if (tidy.regionMatches(true, 0, beginning, 0, beginning.length())) {
        String rest = tidy.substring(beginning.length());
        if (beginning.endsWith("what ")) {
          String lower = rest.toLowerCase(Locale.ROOT);
          int end =
              lower.endsWith(" is") ? 3 : lower.endsWith(" are") || lower.endsWith("mean") ? 4 : 0;
          return end == 0 ? null : request(rest.substring(0, rest.length() - end));
        }
        return request(rest);
      }
    }
    return null;
  }

  private static @Nullable DefinitionRequest request(String rest) {
    String bare = rest.trim();
    String lower = bare.toLowerCase(Locale.ROOT);
    int article = lower.startsWith("a ") ? 2 : lower.startsWith("an ") ? 3 : 0;
    bare = bare.substring(article);
    int in = bare.indexOf(" in ");
    String term = in < 0 ? bare : bare.substring(0, in);
    String field = in < 0 ? "" : bare.substring(in + 4).trim();
    String[] words = term.toLowerCase(Locale.ROOT).split(" ", -1);
    String normal = Definitions.normal(term);
    boolean isPhrase =
        term.chars().allMatch(c -> Character.isLetterOrDigit(c) || " -'".indexOf(c) >= 0);
    return isPhrase && !normal.isEmpty() && words.length <= WORDS && !DETERMINERS.contains(words[0])
        ? new DefinitionRequest(normal, field)
        : null;
  }

  /**
   * Returns whether the two ask for the same meaning. A field that only one of them names must be
   * named by the answer, too, and only an acronym may need one.
   *
   * @param isAcronym whether the one that names a field had its acronym written out
   */
  boolean isSame(DefinitionRequest other, boolean isAcronym, String answer) {
    if (!term.equals(other.term)) {
      return false;
    }
    if (field.equals(other.field)) {
      return true;
    }
    String named = field.isEmpty() ? other.field : field;
    return isAcronym && (field.isEmpty() || other.field.isEmpty()) && hasWord(answer, named);
  }

  private static boolean hasWord(String text, String word) {
    int at = text.indexOf(word);
    while (at >= 0) {
      int end = at + word.length();
      boolean isWhole =
          (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)))
              && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)));
      if (isWhole) {
        return true;
      }
      at = text.indexOf(word, at + 1);
    }
    return false;
  }
}
