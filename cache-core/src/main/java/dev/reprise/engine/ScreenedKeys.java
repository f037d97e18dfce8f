package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import dev.reprise.policy.CachePolicy;

/*
 * A table of 128 bits of each key's SHA-256. A key has a few places, so that keys which are asked again and again do not take each
 * other's; where all are taken, a new key takes one of an old one. Two threads may write one place at once, and a reader may see one
 * half of each: a key that was never added would have to consist of just these two halves, which nobody can bring about with SHA-256.
 */
/**
 * Remembers the keys of requests whose question one policy has let through, so that its rules need
 * not read the same question again. Safe for use by several threads.
 */
final class ScreenedKeys {
  /** How many keys are remembered at most: {@value}. */
  static final int MOST = 1 << 17;

  private static final int DIGITS = 16;
  private static final int WAYS = 4;

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
    long low = part(hex, DIGITS);
    int begin = begin(high);
    for (int i = begin; i < begin + 2 * WAYS; i += 2) {
      if (table[i] == high && table[i + 1] == low && high != 0) {
        return true;
      }
    }
    return false;
  }

  void add(ExactKey key) {
    String hex = key.hex();
    long high = part(hex, 0);
    long low = part(hex, DIGITS);
    int begin = begin(high);
    int place = begin + 2 * (int) (low & (WAYS - 1));
    for (int i = begin; i < begin + 2 * WAYS; i += 2) {
      if (table[i] == 0) {
        place = i;
        break;
      }
    }
    table[place] = high;
    table[place + 1] = low;
  }

  private static int begin(long high) {
    return 2 * WAYS * (int) (high & (MOST / WAYS - 1));
  }

  private static long part(String hex, int from) {
    long bits = 0;
    for (int i = from; i < from + DIGITS; i++) {
      bits = bits << 4 | Character.digit(hex.charAt(i), 16);
    }
    return bits;
  }
}
