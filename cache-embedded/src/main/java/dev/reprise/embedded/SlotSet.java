package dev.reprise.embedded;

import java.util.Arrays;

/** A set of slots. Not safe for use by several threads. */
final class SlotSet {
  private static final int INITIAL = 1 << 12;

  /** Slots plus 1; 0 where there is none. */
  private int[] table = new int[INITIAL];

  private int size;

  void clear() {
    Arrays.fill(table, 0);
    size = 0;
  }

  /** Adds a slot. Returns whether it was not there. */
  boolean add(int slot) {
    if (2 * size >= table.length) {
      grow();
    }
    return put(slot + 1);
  }

  private boolean put(int value) {
    int mask = table.length - 1;
    int place = (value * 0x9E3779B9) >>> 7 & mask;
    while (table[place] != 0) {
      if (table[place] == value) {
        return false;
      }
      place = (place + 1) & mask;
    }
    table[place] = value;
    size++;
    return true;
  }

  private void grow() {
    int[] before = table;
    table = new int[2 * before.length];
    size = 0;
    for (int value : before) {
      if (value != 0) {
        put(value);
      }
    }
  }
}
