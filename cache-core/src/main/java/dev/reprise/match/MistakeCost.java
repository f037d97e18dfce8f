package dev.reprise.match;

import java.util.Arrays;

/*
 * How seldom a mistake is, in tenths of a decimal logarithm, roughly as in M. D. Kernighan, K. W. Church, W. A. Gale, "A spelling
 * correction program based on a noisy channel model", COLING 1990: a letter that is missing has one place, a letter too many one
 * of 26 letters at each place.
 */
/**
 * What it takes to mistype one word as another: adjacent letters exchanged, a letter missing or too
 * many, a vowel, a letter of the same sound or a neighbouring key for another. Not for use by
 * several threads.
 */
final class MistakeCost {
  /** More than any pair of words costs that can be mistyped as each other. */
  static final int IMPOSSIBLE = 1 << 24;

  /** A mistake, in halves: a letter doubled, or not doubled, is half a mistake. */
  private static final int MISTAKE = 2 << 16;

  private static final int HALF = 1 << 16;

  private static final int EXCHANGED = MISTAKE + 13;
  private static final int MISSING = MISTAKE + 11;
  private static final int NOT_DOUBLED = HALF + 8;
  private static final int EXTRA = MISTAKE + 28;
  private static final int EXTRA_NEIGHBOUR = MISTAKE + 22;
  private static final int DOUBLED = HALF + 16;
  private static final int OTHER_VOWEL = MISTAKE + 17;
  private static final int SAME_SOUND = MISTAKE + 18;
  private static final int NEIGHBOUR = MISTAKE + 20;

  /** A word with another last letter is a name, or another form, more often. */
  private static final int ENDING = 8;

  private static final String[] ROWS = {"qwertyuiop", "asdfghjkl", "zxcvbnm"};
  private static final String VOWELS = "aeiouy";
  private static final String[] SOUNDS = {"ck", "cs", "sz", "kq", "gj", "fv"};

  private static final int[] REPLACED = replaced();
  private static final boolean[] NEIGHBOURS = neighbours();

  private int[] before = new int[FrequentWords.LONGEST + 4];
  private int[] last = new int[FrequentWords.LONGEST + 4];
  private int[] row = new int[FrequentWords.LONGEST + 4];

  /** Returns how many halves of a mistake a cost has. */
  static int halves(int cost) {
    return cost >>> 16;
  }

  /** Returns how seldom the mistakes of a cost are, in tenths of a decimal logarithm. */
  static int rarity(int cost) {
    return cost & 0xffff;
  }

  /** Returns whether the only mistake is that two letters are exchanged. */
  static boolean isExchange(int cost) {
    return cost == EXCHANGED;
  }

  /**
   * Returns the least cost to mistype a word as {@code typed}, or at least {@link #IMPOSSIBLE}.
   *
   * @param words holds the word, from {@code begin} on
   * @param most how many letters one may be longer than the other
   */
  int of(byte[] typed, byte[] words, int begin, int length, int most) {
    Arrays.fill(last, 0, length + 1, IMPOSSIBLE);
    last[0] = 0;
    for (int j = 1; j <= Math.min(most, length); j++) {
      last[j] = last[j - 1] + missing(words, begin, j - 1, length);
    }
    for (int i = 1; i <= typed.length; i++) {
      Arrays.fill(row, 0, length + 1, IMPOSSIBLE);
      int from = Math.max(0, i - most);
      int to = Math.min(length, i + most);
      for (int j = from; j <= to; j++) {
        int best = last[j] + extra(typed, i - 1);
        if (j > 0) {
          byte target = words[begin + j - 1];
          best = Math.min(best, row[j - 1] + missing(words, begin, j - 1, length));
          int ending = typed[i - 1] != target && i == typed.length ? ENDING : 0;
          best = Math.min(best, last[j - 1] + replaced(typed[i - 1], target) + ending);
          boolean isExchanged =
              i > 1
                  && j > 1
                  && typed[i - 1] != target
                  && typed[i - 1] == words[begin + j - 2]
                  && typed[i - 2] == target;
          best = isExchanged ? Math.min(best, before[j - 2] + EXCHANGED) : best;
        }
        row[j] = Math.min(best, IMPOSSIBLE);
      }
      int[] free = before;
      before = last;
      last = row;
      row = free;
    }
    return last[length];
  }

  private static int missing(byte[] words, int begin, int at, int length) {
    byte letter = words[begin + at];
    boolean isDouble =
        (at > 0 && words[begin + at - 1] == letter)
            || (at + 1 < length && words[begin + at + 1] == letter);
    return isDouble ? NOT_DOUBLED : MISSING;
  }

  private static int extra(byte[] typed, int at) {
    byte letter = typed[at];
    int cost = EXTRA;
    for (int beside = at - 1; beside <= at + 1; beside += 2) {
      if (beside >= 0 && beside < typed.length) {
        if (typed[beside] == letter) {
          return DOUBLED;
        }
        cost = areNeighbours(letter, typed[beside]) ? EXTRA_NEIGHBOUR : cost;
      }
    }
    return cost;
  }

  private static int replaced(byte typed, byte target) {
    return REPLACED[26 * (typed - 'a') + target - 'a'];
  }

  private static boolean areNeighbours(byte one, byte other) {
    return NEIGHBOURS[26 * (one - 'a') + other - 'a'];
  }

  private static boolean[] neighbours() {
    boolean[] neighbours = new boolean[26 * 26];
    for (int row = 0; row < ROWS.length; row++) {
      for (int at = 0; at < ROWS[row].length(); at++) {
        for (int other = row; other < Math.min(row + 2, ROWS.length); other++) {
          for (int beside = 0; beside < ROWS[other].length(); beside++) {
            boolean isBeside =
                other == row ? Math.abs(at - beside) == 1 : beside == at || beside == at - 1;
            if (isBeside) {
              int one = ROWS[row].charAt(at) - 'a';
              int two = ROWS[other].charAt(beside) - 'a';
              neighbours[26 * one + two] = true;
              neighbours[26 * two + one] = true;
            }
          }
        }
      }
    }
    return neighbours;
  }

  private static int[] replaced() {
    boolean[] neighbours = neighbours();
    int[] costs = new int[26 * 26];
    for (int one = 0; one < 26; one++) {
      for (int two = 0; two < 26; two++) {
        int at = 26 * one + two;
        boolean areVowels =
            VOWELS.indexOf((char) ('a' + one)) >= 0 && VOWELS.indexOf((char) ('a' + two)) >= 0;
        costs[at] =
            one == two ? 0 : areVowels ? OTHER_VOWEL : neighbours[at] ? NEIGHBOUR : IMPOSSIBLE;
      }
    }
    for (String sound : SOUNDS) {
      int one = sound.charAt(0) - 'a';
      int two = sound.charAt(1) - 'a';
      costs[26 * one + two] = SAME_SOUND;
      costs[26 * two + one] = SAME_SOUND;
    }
    return costs;
  }
}
