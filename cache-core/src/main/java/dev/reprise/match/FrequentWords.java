package dev.reprise.match;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The frequent words of English and how frequent they are. Finds the one that a mistyped word was
 * meant to be. Immutable.
 */
final class FrequentWords {
  /** The longest word, in letters: {@value}. */
  static final int LONGEST = 20;

  /** How many letters the shortest word has that a mistake is corrected to: {@value}. */
  private static final int SHORTEST = 3;

  /** How much likelier than the next the word must be, in tenths of a decimal logarithm. */
  private static final int MARGIN = 10;

  /**
   * How likely the word must be at least, by the length of what was typed from 4 on, in tenths of a
   * decimal logarithm: a short word is soon near another.
   */
  private static final int[] LIKELY = {64, 56, 48, 43, 38, 34};

  /** How much less likely it may be where two letters are exchanged: few other words look so. */
  private static final int EXCHANGED = 12;

  /** A word is at most two mistakes away, counted in halves. */
  private static final int MOST_HALVES = 4;

  /** How many letters a word may be longer or shorter. */
  private static final int REACH = 2;

  /** The words of one first letter and one length, one behind the other. */
  private static final class Bucket {
    final byte[] letters;
    final int[] sets;
    final byte[] frequencies;

    Bucket(byte[] letters, int[] sets, byte[] frequencies) {
      this.letters = letters;
      this.sets = sets;
      this.frequencies = frequencies;
    }
  }

  private final @Nullable Bucket[] buckets;

  private FrequentWords(@Nullable Bucket[] buckets) {
    this.buckets = buckets;
  }

  /**
   * Reads lines of words.
   *
   * @param lines each the decimal logarithm of a frequency, times ten, a colon, and the words
   */
  static FrequentWords of(List<String> lines) {
    Map<Integer, List<String>> words = new HashMap<>();
    Map<Integer, StringBuilder> frequencies = new HashMap<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      int frequency = Integer.parseInt(line.substring(0, colon));
      for (String word : line.substring(colon + 1).strip().split(" ", -1)) {
        int key = key(word.charAt(0), word.length());
        words.computeIfAbsent(key, unused -> new ArrayList<>()).add(word);
        frequencies.computeIfAbsent(key, unused -> new StringBuilder()).append((char) frequency);
      }
    }
    Bucket[] buckets = new Bucket[key('z', LONGEST) + 1];
    words.forEach(
        (key, all) -> {
          int[] sets = all.stream().mapToInt(word -> set(bytes(word))).toArray();
          byte[] letters = bytes(String.join("", all));
          buckets[key] =
              new Bucket(
                  letters,
                  sets,
                  bytes(frequencies.getOrDefault(key, new StringBuilder()).toString()));
        });
    return new FrequentWords(buckets);
  }

  private static int key(int first, int length) {
    return (first - 'a') * (LONGEST + 1) + length;
  }

  private static byte[] bytes(String word) {
    return word.getBytes(StandardCharsets.US_ASCII);
  }

  /** Returns which letters there are, a bit for each. */
  private static int set(byte[] letters) {
    int set = 0;
    for (byte letter : letters) {
      set |= 1 << (letter - 'a');
    }
    return set;
  }

  /**
   * Returns the word that {@code typed} was meant to be, or null where there is none or more than
   * one.
   *
   * @param typed letters from a to z, at least 4, no known word
   */
  @Nullable String meant(String typed) {
    if (typed.length() < 4 || typed.length() > LONGEST) {
      return null;
    }
    Search search = new Search(bytes(typed));
    search.through(typed.charAt(0), typed.charAt(0));
    if (typed.charAt(0) != typed.charAt(1)) {
      search.through(typed.charAt(1), typed.charAt(0));
    }
    return search.found();
  }

  /** Looks for the likeliest word and for the next that is not another form of it. */
  private final class Search {
    private final byte[] typed;
    private final int set;
    private final int halves;
    private final MistakeCost costs = new MistakeCost();
    private final List<String> near = new ArrayList<>();
    private final List<Integer> scores = new ArrayList<>();
    private final List<Boolean> exchanged = new ArrayList<>();

    Search(byte[] typed) {
      this.typed = typed;
      set = set(typed);
      halves = typed.length >= 9 ? MOST_HALVES : typed.length == 8 ? MOST_HALVES - 1 : 2;
    }

    /** Looks at the words that begin with {@code first}. */
    void through(char first, char own) {
      for (int n = typed.length - REACH; n <= typed.length + REACH; n++) {
        Bucket bucket = n < SHORTEST || n > LONGEST ? null : buckets[key(first, n)];
        if (bucket != null) {
          through(bucket, n, first == own);
        }
      }
    }

    private void through(Bucket bucket, int length, boolean hasOwnFirst) {
      int different = (halves + 1) / 2;
      byte[] letters = bucket.letters;
      for (int i = 0; i < bucket.sets.length; i++) {
        int begin = i * length;
        int other = bucket.sets[i];
        if (Integer.bitCount(set & ~other) > different
            || Integer.bitCount(other & ~set) > different
            || (!hasOwnFirst && letters[begin + 1] != typed[0])) {
          continue;
        }
        int cost = costs.of(typed, letters, begin, length, REACH);
        boolean isNear = MistakeCost.halves(cost) <= (length == SHORTEST ? 1 : halves);
        if (isNear) {
          near.add(new String(letters, begin, length, StandardCharsets.US_ASCII));
          scores.add(bucket.frequencies[i] - MistakeCost.rarity(cost));
          exchanged.add(MistakeCost.isExchange(cost));
        }
      }
    }

    @Nullable String found() {
      int best = -1;
      for (int i = 0; i < near.size(); i++) {
        best = best < 0 || scores.get(i) > scores.get(best) ? i : best;
      }
      if (best < 0 || near.get(best).length() == SHORTEST) {
        return null;
      }
      int likely = LIKELY[Math.min(typed.length - 4, LIKELY.length - 1)];
      boolean isExchange = exchanged.get(best) && typed.length > 4;
      if (scores.get(best) < (isExchange ? likely - EXCHANGED : likely)) {
        return null;
      }
      String stem = QuestionSide.stem(near.get(best));
      for (int i = 0; i < near.size(); i++) {
        if (scores.get(i) > scores.get(best) - MARGIN
            && !QuestionSide.stem(near.get(i)).equals(stem)) {
          return null;
        }
      }
      return near.get(best);
    }
  }
}
