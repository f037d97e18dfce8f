package dev.reprise.match;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tells how long from when: "for ten minutes", "in ten minutes". Part of prepositions. */
final class Durations {
  private static final Set<String> TIMES = Language.ENGLISH.words("duration.times");

  private Durations() {}

  static Optional<String> objection(QuestionPair pair) {
    return isLongAndWhen(pair.askedSide(), pair.cachedSide())
            || isLongAndWhen(pair.cachedSide(), pair.askedSide())
        ? Optional.of("one question says how long, the other when")
        : Optional.empty();
  }

  private static boolean isLongAndWhen(QuestionSide howLong, QuestionSide when) {
    return isSaid(howLong, "for")
        && isSaid(when, "in")
        && !isSaid(howLong, "in")
        && !isSaid(when, "for");
  }

  /** Returns whether a side says "for two days", with this preposition. */
  static boolean isSaid(QuestionSide side, String preposition) {
    List<Word> words = side.words();
    for (int i = 0; i + 2 < words.size(); i++) {
      Word number = words.get(i + 1);
      if (words.get(i).lower().equals(preposition)
          && (number.isNumeric() || Quantity.isNumberWord(number.lower()))
          && TIMES.contains(words.get(i + 2).lower())) {
        return true;
      }
    }
    return false;
  }
}
