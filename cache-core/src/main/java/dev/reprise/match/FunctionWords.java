package dev.reprise.match;

import java.util.Set;

/** English words that hold a sentence together and say little by themselves. */
final class FunctionWords {
  private static final Set<String> ALL = Language.ENGLISH.words("function-words");

  private FunctionWords() {}

  static boolean contains(String lower) {
    return ALL.contains(lower);
  }
}
