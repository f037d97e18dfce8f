package dev.reprise.match;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** See {@link Guard#numbers}. */
final class NumberGuard {
  /** How alike the rest must be for a number on one side only to be an objection. */
  private static final double ALIKE = 0.9;

  /** How alike the rest must be where shares of numbers are asked for. */
  private static final double SHARE_ALIKE = 0.65;

  /** Words beside which the order of numbers says nothing. */
  private static final Set<String> ANY_ORDER = Language.ENGLISH.words("number.any-order");

  private NumberGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    List<Quantity> asked = pair.askedSide().quantities();
    List<Quantity> cached = pair.cachedSide().quantities();
    List<Quantity> onlyAsked = missing(asked, cached);
    List<Quantity> onlyCached = missing(cached, asked);
    if (onlyAsked.isEmpty() && onlyCached.isEmpty()) {
      return isExchanged(pair, asked, cached)
          ? Optional.of("the two questions exchange their numbers")
          : ordinals(pair, asked, cached);
    }
    onlyAsked.removeIf(Quantity::isVersion);
    onlyCached.removeIf(Quantity::isVersion);
    return difference(pair, onlyAsked, onlyCached, "number");
  }

  /** "5 less 3" and "3 less 5", "18% of 240" and "what percentage of 240 is 18". */
  private static boolean isExchanged(
      QuestionPair pair, List<Quantity> asked, List<Quantity> cached) {
    List<String> one = asked.stream().filter(Quantity::isSure).map(Quantity::value).toList();
    List<String> other = cached.stream().filter(Quantity::isSure).map(Quantity::value).toList();
    if (one.equals(other)
        || !one.stream().sorted().toList().equals(other.stream().sorted().toList())
        || isAnyOrder(pair.askedSide())
        || isAnyOrder(pair.cachedSide())) {
      return false;
    }
    boolean isShare =
        one.size() == 2
            && isShare(pair.askedSide())
            && isShare(pair.cachedSide())
            && pair.askedSide().has("percentage") != pair.cachedSide().has("percentage");
    return isShare
        ? pair.overlap(Set.of()) >= SHARE_ALIKE
        : withoutNumbers(pair.askedSide()).equals(withoutNumbers(pair.cachedSide()));
  }

  private static List<String> withoutNumbers(QuestionSide side) {
    return side.words().stream().map(Word::lower).filter(word -> !isNumeric(word)).toList();
  }

  private static boolean isNumeric(String lower) {
    return Character.isDigit(lower.charAt(0)) || Quantity.isNumberWord(lower);
  }

  private static boolean isAnyOrder(QuestionSide side) {
    return DirectionGuard.isSymmetric(side) || ANY_ORDER.stream().anyMatch(side::has);
  }

  private static boolean isShare(QuestionSide side) {
    return side.has("percent") || side.has("percentage");
  }

  /** "First" and "second" mostly say when, but not where all else is the same. */
  private static Optional<String> ordinals(
      QuestionPair pair, List<Quantity> asked, List<Quantity> cached) {
    for (Quantity here : asked) {
      for (Quantity there : cached) {
        if (here.isMaybeOrdinal()
            && there.isMaybeOrdinal()
            && !here.isSame(there)
            && pair.overlap(numberStems(pair)) >= ALIKE) {
          return Optional.of(
              String.format(
                  "the question says %s, the cached one %s", here.spelled(), there.spelled()));
        }
      }
    }
    return Optional.empty();
  }

  /** Returns the numbers of {@code here} that are surely numbers and are not {@code there}. */
  static List<Quantity> missing(List<Quantity> here, List<Quantity> there) {
    List<Quantity> missing = new ArrayList<>();
    for (Quantity quantity : here) {
      boolean isFound = false;
      for (Quantity other : there) {
        isFound |= quantity.isSame(other);
      }
      if (!isFound && quantity.isSure()) {
        missing.add(quantity);
      }
    }
    return missing;
  }

  private static Set<String> numberStems(QuestionPair pair) {
    Set<String> stems = new HashSet<>();
    for (QuestionSide side : List.of(pair.askedSide(), pair.cachedSide())) {
      for (Quantity quantity : side.quantities()) {
        for (int i = quantity.word(); i < quantity.end(); i++) {
          stems.add(side.words().get(i).stem());
        }
      }
    }
    return stems;
  }

  static Optional<String> difference(
      QuestionPair pair, List<Quantity> onlyAsked, List<Quantity> onlyCached, String what) {
    if (!onlyAsked.isEmpty() && !onlyCached.isEmpty()) {
      return Optional.of(
          String.format(
              "the question says %s, the cached one %s",
              onlyAsked.get(0).written(), onlyCached.get(0).written()));
    }
    boolean isOneSided = onlyAsked.isEmpty() != onlyCached.isEmpty();
    if (!isOneSided || pair.overlap(numberStems(pair)) < ALIKE) {
      return Optional.empty();
    }
    return Optional.of(
        onlyCached.isEmpty()
            ? String.format(
                "the %s %s is not in the cached question", what, onlyAsked.get(0).written())
            : String.format(
                "the cached question has the %s %s", what, onlyCached.get(0).written()));
  }
}
