package dev.reprise.match;

import java.util.Map;

/** Tells the forms of verbs: "wrote" is "write". */
final class Verbs {
  private static final Map<String, String> PRESENT = Language.ENGLISH.map("verbs.present");

  private Verbs() {}

  /** Returns what is the same for the forms of a verb, roughly: the present's stem. */
  static String stem(Word verb) {
    return QuestionSide.stem(PRESENT.getOrDefault(verb.lower(), verb.lower()));
  }

  /** Returns whether {@code lower} looks like a past tense or a past participle. */
  static boolean isPast(String lower) {
    return (lower.length() > 4 && lower.endsWith("ed")) || PRESENT.containsKey(lower);
  }
}
