package dev.reprise.match;

import dev.reprise.resource.ResourceText;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the word lists of one language: resources in {@code dev/reprise/match/<code>}. A line that
 * begins with # is a comment.
 */
final class Language {
  private Language() {}

  /** Returns the words of a list, in its order, wherever its lines break. */
  static Set<String> words(String code, String list) {
    Set<String> words = new LinkedHashSet<>();
    for (String line : lines(code, list)) {
      Collections.addAll(words, line.trim().split("\\s+", -1));
    }
    return Collections.unmodifiableSet(words);
  }

  /** Returns the lines of a list that are neither blank nor comments, without spaces around. */
  static List<String> lines(String code, String list) {
    return lines(code + "/" + list);
  }

  /** Returns whether there is such a list of a language. */
  static boolean has(String code, String list) {
    return ResourceText.exists(Language.class, code + "/" + list + ".txt");
  }

  /** Returns the lines of a list of no language in particular. */
  static List<String> lines(String list) {
    return ResourceText.read(Language.class, list + ".txt")
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(String::strip)
        .toList();
  }
}
