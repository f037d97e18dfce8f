package dev.reprise.match;

import java.util.Set;

/** Words of everyday English, in whatever form. */
final class EverydayWords {
  private static final Set<String> ALL = Language.ENGLISH.words("vocabulary");

  private EverydayWords() {}

  /**
   * Returns whether a word is one of them.
   *
   * @param stem its {@linkplain QuestionSide#stem stem}
   */
  static boolean contains(String lower, String stem) {
    return ALL.contains(lower) || ALL.contains(stem) || ALL.contains(stem + "e");
  }

  /** Returns whether a word is one of them, in this form. */
  static boolean contains(String lower) {
    return ALL.contains(lower);
  }
}
