package dev.reprise.match;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A unit of measure.
 *
 * @param dimension what it measures
 * @param name one name for all of its ways of writing
 * @param factor how many of the dimension's base units it is, or 0 where that is not fixed
 */
record Unit(String dimension, String name, double factor) {
  /** Words that are units behind a number only: "I am" is none. */
  private static final int SHORT = 2;

  private static final Map<String, Unit> BY_WORD = new HashMap<>();

  static {
    for (String line : Language.ENGLISH.lines("units")) {
      String[] parts = line.split(" \\| ", -1);
      add(parts[0], parts[1], Double.parseDouble(parts[2]), parts[3]);
    }
  }

  private static void add(String dimension, String name, double factor, String words) {
    for (String word : words.split(" ", -1)) {
      BY_WORD.put(word, new Unit(dimension, name, factor));
    }
  }

  /** Returns the unit that {@code lower} names by itself, or null. */
  static @Nullable Unit named(String lower) {
    return lower.length() > SHORT ? BY_WORD.get(lower) : null;
  }

  /**
   * Returns whether {@code lower}, written to a number, is a unit: "5km". "5m" may be a million.
   */
  static boolean isSuffix(String lower) {
    return !lower.equals("m") && BY_WORD.containsKey(lower);
  }

  /** Returns the unit that {@code lower} names behind a number, or null. */
  static @Nullable Unit of(String lower) {
    return BY_WORD.get(lower);
  }
}
