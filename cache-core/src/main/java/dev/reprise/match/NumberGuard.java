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

  private NumberGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    List<Quantity> asked = pair.askedSide().quantities();
    List<Quantity> cached = pair.cachedSide().quantities();
    List<Quantity> onlyAsked = missing(asked, cached);
    List<Quantity> onlyCached = missing(cached, asked);
    if (onlyAsked.isEmpty() && onlyCached.isEmpty()) {
      return ordinals(pair, asked, cached);
    }
    onlyAsked.removeIf(Quantity::isVersion);
    onlyCached.removeIf(Quantity::isVersion);
    return difference(pair, onlyAsked, onlyCached, "number");
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
