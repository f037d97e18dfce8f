package dev.reprise.match;

import java.util.HashMap;
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

  private static final Map<String, String> DATES = new HashMap<>();

  /**
   * Words that are dates only behind "in", "on" and the like, or with a capital inside a sentence.
   */
  private static final Set<String> AMBIGUOUS =
      Set.of("may", "march", "sun", "sat", "mar", "jan", "dec");

  private static final Set<String> BEFORE_DATES =
      Set.of(
          "in", "on", "by", "of", "since", "until", "till", "before", "after", "this", "next",
          "last", "every", "during", "from", "to", "and", "or");

  /** Before "may", "to" and "and" mostly stand for something else. */
  private static final Set<String> BEFORE_DATES_ONLY =
      Set.of("in", "on", "of", "since", "until", "till", "during", "every", "next", "last");

  private static final Set<String> SHIFTS = Set.of("this", "next", "last", "previous", "coming");

  private static final Set<String> PERIODS =
      Set.of(
          "week", "weekend", "month", "year", "quarter", "summer", "winter", "spring", "autumn",
          "night", "season");

  static {
    String[] months = {
      "january jan",
      "february feb",
      "march mar",
      "april apr",
      "may",
      "june jun",
      "july jul",
      "august aug",
      "september sept sep",
      "october oct",
      "november nov",
      "december dec"
    };
    String[] days = {
      "monday mondays mon", "tuesday tuesdays tue tues", "wednesday wednesdays wed",
      "thursday thursdays thu thurs", "friday fridays fri", "saturday saturdays sat",
      "sunday sundays sun"
    };
    String[] relative = {
      "today todays",
      "tomorrow",
      "yesterday",
      "tonight",
      "weekend weekends",
      "weekday weekdays",
      "christmas xmas",
      "easter",
      "halloween",
      "thanksgiving",
      "morning mornings",
      "afternoon afternoons",
      "evening evenings",
      "summer",
      "winter",
      "spring",
      "autumn fall"
    };
    for (String[] group : List.of(months, days, relative)) {
      for (String names : group) {
        String[] words = names.split(" ", -1);
        for (String word : words) {
          DATES.put(word, words[0]);
        }
      }
    }
    DATES.remove("fall");
    DATES.remove("spring");
  }

  private DateGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    Set<String> asked = dates(pair.askedSide());
    Set<String> cached = dates(pair.cachedSide());
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
        stems.add(Side.stem(word));
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

  private static Set<String> dates(Side side) {
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
