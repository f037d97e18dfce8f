package dev.reprise.match;

/**
 * A word of a question.
 *
 * @param text as it is written
 * @param lower in lower case, contractions written out ("do" and "not" are two words)
 * @param stem what is the same for its forms, roughly
 * @param begin where it begins in the text
 * @param opensSentence whether it is the first of its sentence
 */
record Word(String text, String lower, String stem, int begin, boolean opensSentence) {
  /** Returns whether it begins with a digit. */
  boolean isNumeric() {
    return Character.isDigit(lower.charAt(0));
  }

  /** Returns whether it carries meaning of its own, other than "the" or "how". */
  boolean isContent() {
    return !FunctionWords.contains(lower);
  }

  /** Returns whether it begins with a capital. */
  boolean isCapitalized() {
    return Character.isUpperCase(text.charAt(0));
  }
}
