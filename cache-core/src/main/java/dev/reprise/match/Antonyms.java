package dev.reprise.match;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** English words and their opposites: a list, and the prefixes and suffixes that make opposites. */
final class Antonyms {
  private static final List<String> PREFIXES = Language.ENGLISH.lines("antonyms.prefixes");

  /** Prefixes of which either makes the opposite of the other: "hyperthermia", "hypothermia". */
  private static final List<List<String>> OPPOSITE_PREFIXES =
      Language.ENGLISH.lines("antonyms.opposite-prefixes").stream()
          .map(line -> List.of(line.split(" ", -1)))
          .toList();

  /** The shortest word that a prefix turns around: "crease" is no opposite of "increase". */
  private static final int SHORTEST = 4;

  /** Words that only look like another with a prefix. */
  private static final Set<String> LOOK_ALIKE = Language.ENGLISH.words("antonyms.look-alike");

  private static final Map<String, Set<String>> OPPOSITES = new HashMap<>();

  static {
    for (String pair : Language.ENGLISH.words("antonyms")) {
      int slash = pair.indexOf('/');
      String one = QuestionSide.stem(pair.substring(0, slash));
      String other = QuestionSide.stem(pair.substring(slash + 1));
      OPPOSITES.computeIfAbsent(one, unused -> new LinkedHashSet<>()).add(other);
      OPPOSITES.computeIfAbsent(other, unused -> new LinkedHashSet<>()).add(one);
    }
  }

  private Antonyms() {}

  /** Returns how many words have an opposite on the list. */
  static int size() {
    return OPPOSITES.size();
  }

  /** Returns the words of {@code side}, in lower case, that are opposites of {@code lower}. */
  static Set<String> of(String lower, QuestionSide side) {
    Set<String> found = new LinkedHashSet<>();
    for (String stem : OPPOSITES.getOrDefault(QuestionSide.stem(lower), Set.of())) {
      String word = side.wordOfStem(stem);
      if (word != null) {
        found.add(word);
      }
    }
    for (String prefix : PREFIXES) {
      addIfPresent(found, side, prefix, lower, prefix + lower);
      if (lower.startsWith(prefix)) {
        addIfPresent(found, side, prefix, lower.substring(prefix.length()), lower);
      }
    }
    for (List<String> prefixes : OPPOSITE_PREFIXES) {
      addExchanged(found, side, lower, prefixes.get(0), prefixes.get(1));
      addExchanged(found, side, lower, prefixes.get(1), prefixes.get(0));
    }
    if (lower.endsWith("ful") && lower.length() > 5) {
      addIfSpoken(found, side, lower.substring(0, lower.length() - 3) + "less");
    } else if (lower.endsWith("less") && lower.length() > 6) {
      addIfSpoken(found, side, lower.substring(0, lower.length() - 4) + "ful");
    }
    return found;
  }

  /** Adds the one of the two that the side has, if the longer is the opposite of the shorter. */
  private static void addIfPresent(
      Set<String> found, QuestionSide side, String prefix, String shorter, String longer) {
    if (shorter.length() < SHORTEST
        || LOOK_ALIKE.contains(longer)
        || longer.length() != prefix.length() + shorter.length()) {
      return;
    }
    addIfSpoken(found, side, longer);
    addIfSpoken(found, side, shorter);
  }

  private static void addExchanged(
      Set<String> found, QuestionSide side, String lower, String prefix, String opposite) {
    String rest = lower.startsWith(prefix) ? lower.substring(prefix.length()) : "";
    if (rest.length() >= SHORTEST && !LOOK_ALIKE.contains(lower)) {
      addIfSpoken(found, side, opposite + rest);
    }
  }

  private static void addIfSpoken(Set<String> found, QuestionSide side, String word) {
    if (side.has(word)) {
      found.add(word);
    }
  }
}
