package dev.reprise.policy;

import java.util.BitSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/*
 * Every request passes here, and hardly one has a word that a rule waits for. So nothing is allocated for a word: its hash is computed
 * while it is read, and only a word with the hash of a known one is compared. Chinese and Japanese are written without blanks; there,
 * each character and each few characters that follow each other are looked up.
 */
/** Finds the rules that wait for a word of a text. */
final class WordIndex {
  private final @Nullable String[] words;
  private final @Nullable BitSet[] rules;
  private final int mask;
  private final int longestIdeographic;

  WordIndex(Map<String, BitSet> waiting) {
    int size = Integer.highestOneBit(Math.max(4, waiting.size() * 4));
    this.words = new String[size];
    this.rules = new BitSet[size];
    this.mask = size - 1;
    int longest = 0;
    for (Map.Entry<String, BitSet> entry : waiting.entrySet()) {
      String word = entry.getKey();
      int slot = slot(word.hashCode());
      while (words[slot] != null) {
        slot = (slot + 1) & mask;
      }
      words[slot] = word;
      rules[slot] = entry.getValue();
      if (isIdeographic(word.charAt(0))) {
        longest = Math.max(longest, word.length());
      }
    }
    this.longestIdeographic = longest;
  }

  /** Adds to {@code found} the rules that wait for a word of {@code text}. */
  void find(String text, BitSet found) {
    int length = text.length();
    int i = 0;
    while (i < length) {
      char c = text.charAt(i);
      if (isIdeographic(c)) {
        ideographic(text, i, found);
        i++;
      } else if (Character.isLetterOrDigit(c)) {
        int start = i;
        int hash = 0;
        while (i < length
            && Character.isLetterOrDigit(text.charAt(i))
            && !isIdeographic(text.charAt(i))) {
          hash = 31 * hash + text.charAt(i);
          i++;
        }
        find(text, start, i, hash, found);
      } else {
        i++;
      }
    }
  }

  private void ideographic(String text, int start, BitSet found) {
    int hash = 0;
    int most = Math.min(text.length(), start + longestIdeographic);
    for (int end = start; end < most && isIdeographic(text.charAt(end)); end++) {
      hash = 31 * hash + text.charAt(end);
      find(text, start, end + 1, hash, found);
    }
  }

  private void find(String text, int start, int end, int hash, BitSet found) {
    int slot = slot(hash);
    String word = words[slot];
    while (word != null) {
      if (word.length() == end - start && text.startsWith(word, start)) {
        BitSet waiting = rules[slot];
        if (waiting != null) {
          found.or(waiting);
        }
        return;
      }
      slot = (slot + 1) & mask;
      word = words[slot];
    }
  }

  private int slot(int hash) {
    return (hash ^ (hash >>> 15)) & mask;
  }

  private static boolean isIdeographic(char c) {
    return c >= '\u3040' && c <= '\u9fff';
  }
}
