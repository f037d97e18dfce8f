package dev.reprise.match;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** See {@link Guard#antonyms}. */
final class AntonymGuard {
  /** How alike the rest must be for an opposite to be an objection. */
  private static final double ALIKE = 0.75;

  private static final Set<String> ALTERNATIVES = Language.ENGLISH.words("antonym.alternatives");

  private AntonymGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    Map<String, String> swapped = swapped(pair);
    if (swapped.isEmpty()
        || isCancelled(pair, swapped)
        || DirectionGuard.isReversed(pair)
        || OrderGuard.isExchanged(pair, swapped)) {
      return Optional.empty();
    }
    Set<String> stems = new HashSet<>();
    swapped.forEach(
        (one, other) -> {
          stems.add(QuestionSide.stem(one));
          stems.add(QuestionSide.stem(other));
        });
    if (pair.overlap(stems) < ALIKE) {
      return Optional.empty();
    }
    Map.Entry<String, String> first = swapped.entrySet().iterator().next();
    return Optional.of(
        String.format(
            "the question says \"%s\", the cached one \"%s\"", first.getKey(), first.getValue()));
  }

  /** Returns whether {@code word} stands beside its own opposite: "bigger or smaller". */
  private static boolean isAlternative(String word, QuestionSide side) {
    List<Word> words = side.words();
    for (int i = 2; i < words.size(); i++) {
      String first = words.get(i - 2).lower();
      String second = words.get(i).lower();
      if (ALTERNATIVES.contains(words.get(i - 1).lower())
          && ((first.equals(word) && Antonyms.of(word, side).contains(second))
              || (second.equals(word) && Antonyms.of(word, side).contains(first)))) {
        return true;
      }
    }
    return false;
  }

  /** "Not off" is "on". */
  private static boolean isCancelled(QuestionPair pair, Map<String, String> swapped) {
    return swapped.size() == 1
        && NegationGuard.isNegated(pair.askedSide()) != NegationGuard.isNegated(pair.cachedSide());
  }

  /**
   * Returns the words that only the asked side has, each with its opposite that only the other has.
   */
  static Map<String, String> swapped(QuestionPair pair) {
    Map<String, String> swapped = new TreeMap<>();
    QuestionSide asked = pair.askedSide();
    QuestionSide cached = pair.cachedSide();
    for (Word word : asked.words()) {
      if (cached.stems().contains(word.stem()) || isAlternative(word.lower(), asked)) {
        continue;
      }
      for (String other : Antonyms.of(word.lower(), cached)) {
        if (!asked.stems().contains(QuestionSide.stem(other)) && !isAlternative(other, cached)) {
          swapped.put(word.lower(), other);
        }
      }
    }
    return swapped;
  }
}
