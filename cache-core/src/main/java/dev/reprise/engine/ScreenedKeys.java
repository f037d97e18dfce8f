package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import dev.reprise.policy.CachePolicy;

/*
 * A table of 128 bits of each key's SHA-256, where a new key takes the place of an old one. Two threads may write one place at
 * once, and a reader may see one half of each: a key that was never added would have to consist of just these two halves, which
 * nobody can bring about with SHA-256.
 */
/**
 * Remembers the keys of requests whose question one policy has let through, so that its rules need
 * not read the same question again. Safe for use by several threads.
 */
final class ScreenedKeys {
  /** How many keys are remembered at most: {@value}. */
  static final int MOST = 1 << 16;

  private static final int DIGITS = 16;

  private final CachePolicy policy;
  private final long[] table = new long[2 * MOST];

  ScreenedKeys(CachePolicy policy) {
    this.policy = policy;
  }

  CachePolicy policy() {
    return policy;
  }

  boolean has(ExactKey key) {
    String hex = key.hex();
    long high = part(hex, 0);
    int place = place(high);
    return table[place] == high && table[place + 1] == part(hex, DIGITS) && high != 0;
  }

  void add(ExactKey key) {
    String hex = key.hex();
    long high = part(hex, 0);
    int place = place(high);
    table[place] = high;
    table[place + 1] = part(hex, DIGITS);
  }

  private static int place(long high) {
    return 2 * (int) (high & (MOST - 1));
  }

  private static long part(String hex, int from) {
    long bits = 0;
    for (int i = from; i < from + DIGITS; i++) {
      bits = bits << 4 | Character.digit(hex.charAt(i), 16);
    }
    return bits;
  }
}
