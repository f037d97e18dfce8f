package dev.reprise.match;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** See {@link Guard#dates}. */
final class DateGuard {
  /** How alike the rest must be for a date on one side only to be an objection. */
  private static final double ALIKE = 0.9;

  private static final Map<String, String> DATES = Language.ENGLISH.aliases("date.names");

  /**
   * Words that are dates only behind "in", "on" and the like, or with a capital inside a sentence.
   */
  private static final Set<String> AMBIGUOUS = Language.ENGLISH.words("date.ambiguous");

  private static final Set<String> BEFORE_DATES = Language.ENGLISH.words("date.before-dates");

  /** Before "may", "to" and "and" mostly stand for something else. */
  private static final Set<String> BEFORE_DATES_ONLY =
      Language.ENGLISH.words("date.before-dates-only");

  private static final Set<String> SHIFTS = Language.ENGLISH.words("date.shifts");

  private static final Set<String> PERIODS = Language.ENGLISH.words("date.periods");

  private DateGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    if (dates(pair.askedSide()).equals(dates(pair.cachedSide()))) {
      return Optional.empty();
    }
    // "Good morning" is no date.
    QuestionPair tidy =
        QuestionPair.of(
            Normalization.withoutPoliteness(pair.asked()),
            Normalization.withoutPoliteness(pair.cached()));
    return difference(tidy, dates(tidy.askedSide()), dates(tidy.cachedSide()));
  }

  private static Optional<String> difference(
      QuestionPair pair, Set<String> asked, Set<String> cached) {
    if (asked.equals(cached)) {
      return Optional.empty();
    }
    Set<String> onlyAsked = new TreeSet<>(asked);
    onlyAsked.removeAll(cached);
    Set<String> onlyCached = new TreeSet<>(cached);
    onlyCached.removeAll(asked);
    if (!onlyAsked.isEmpty() && !onlyCached.isEmpty()) {
      return Optional.of(
          String.format(
              "the question says %s, the cached one %s",
              String.join(", ", onlyAsked), String.join(", ", onlyCached)));
    }
    Set<String> stems = new HashSet<>();
    for (String date : onlyAsked.isEmpty() ? onlyCached : onlyAsked) {
      for (String word : date.split(" ", -1)) {
        stems.add(QuestionSide.stem(word));
      }
    }
    if (pair.overlap(stems) < ALIKE) {
      return Optional.empty();
    }
    return Optional.of(
        onlyCached.isEmpty()
            ? String.format("%s is not in the cached question", String.join(", ", onlyAsked))
            : String.format("the cached question says %s", String.join(", ", onlyCached)));
  }

  /** Returns one name for a month or a day of the week that {@code lower} names, or itself. */
  static String canonical(String lower) {
    return AMBIGUOUS.contains(lower) ? lower : DATES.getOrDefault(lower, lower);
  }

  /** Returns whether {@code lower} can be a date. */
  static boolean isDate(String lower) {
    return DATES.containsKey(lower);
  }

  private static Set<String> dates(QuestionSide side) {
    Set<String> dates = new TreeSet<>();
    List<Word> words = side.words();
    for (int i = 0; i < words.size(); i++) {
      String lower = words.get(i).lower();
      String before = i > 0 ? words.get(i - 1).lower() : "";
      String date = DATES.get(lower);
      if (date != null && (!AMBIGUOUS.contains(lower) || isDate(words, i, before))) {
        dates.add(date);
      }
      if (PERIODS.contains(lower) && SHIFTS.contains(before)) {
        dates.add((before.equals("previous") ? "last" : before) + " " + lower);
      }
    }
    return dates;
  }

  private static boolean isDate(List<Word> words, int at, String before) {
    boolean isBesideNumber =
        (at > 0 && words.get(at - 1).isNumeric())
            || (at + 1 < words.size() && words.get(at + 1).isNumeric());
    return isBesideNumber
        || (words.get(at).isCapitalized() && BEFORE_DATES.contains(before))
        || BEFORE_DATES_ONLY.contains(before);
  }
}
