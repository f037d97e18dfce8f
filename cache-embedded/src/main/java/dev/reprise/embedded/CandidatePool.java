package dev.reprise.embedded;

import java.util.Arrays;

/**
 * The most promising slots that a walk through a graph has come to, the best first, and which of
 * them it has been at. Those that turn out not to be served stay, and leave as much room as if they
 * were not here. Not safe for use by several threads.
 */
final class CandidatePool {
  /** So many more slots are kept at least, to take the places of those that are not served. */
  static final int SPARE = 16;

  private static final long SLOT = (1L << 30) - 1;
  private static final long VISITED = 1L << 30;
  private static final long NOT_SERVED = 1L << 31;

  /** For each slot its score in the upper half, as a number that orders as scores do. */
  private long[] places = {};

  private int size;

  /** How many may be kept at most, those included that are not served. */
  private int room;

  private int limit;

  /** How many of those that the walk has been at are not served. */
  private int notServed;

  /** The highest score at which a slot was not kept, while there was less room. */
  private float refused;

  /** No place before this one waits. */
  private int cursor;

  /** Empties the pool. It keeps {@code newLimit} slots from now on. */
  void reset(int newLimit) {
    size = 0;
    begin(newLimit, SPARE);
  }

  /**
   * Lets the walk go on from all that are here, in another layer.
   *
   * @param spare so many more slots are kept, in place of those that turn out not to be served
   */
  void begin(int newLimit, int spare) {
    limit = newLimit;
    size = Math.min(size, newLimit);
    cursor = 0;
    notServed = 0;
    refused = Float.NEGATIVE_INFINITY;
    room = newLimit + spare;
    ensureRoom();
    for (int place = 0; place < size; place++) {
      places[place] &= ~(VISITED | NOT_SERVED);
    }
  }

  private void ensureRoom() {
    if (places.length < room) {
      places = Arrays.copyOf(places, room);
    }
  }

  /** Adds a slot that is not here yet, if its score is good enough. */
  void offer(int slot, float score) {
    if (score <= threshold()) {
      return;
    }
    long arriving = ordered(score) << Integer.SIZE | slot;
    size = Math.min(size, room - 1);
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (places[middle] >>> Integer.SIZE >= arriving >>> Integer.SIZE) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    System.arraycopy(places, low, places, low + 1, size - low);
    places[low] = arriving;
    size++;
    cursor = Math.min(cursor, low);
  }

  /** Returns a number from 0 to 2^32 - 1 for a score; a higher one for a higher score. */
  private static long ordered(float score) {
    int bits = Float.floatToIntBits(score);
    return (bits ^ ((bits >> (Integer.SIZE - 1)) | Integer.MIN_VALUE)) & 0xFFFF_FFFFL;
  }

  /** Returns the place of the best slot that waits, or -1 if none does among the best. */
  int next() {
    int end = Math.min(size, limit);
    while (cursor < end && (places[cursor] & VISITED) != 0) {
      cursor++;
    }
    return cursor < end ? cursor : -1;
  }

  /** Says that the walk has been at a place. */
  void visit(int place, boolean isServed) {
    places[place] |= isServed ? VISITED : VISITED | NOT_SERVED;
    if (!isServed) {
      notServed++;
      limit++;
      if (limit > room - SPARE / 2) {
        refused = Math.max(refused, threshold());
        room += limit;
        ensureRoom();
      }
    }
  }

  /** Returns how many of those that the walk has been at are not served. */
  int notServed() {
    return notServed;
  }

  /**
   * Returns whether a slot may have been refused that would be within the limit now: so many others
   * turned out not to be served that there should have been more room from the beginning.
   */
  boolean hasLost() {
    return refused > bound();
  }

  /** Returns how many slots there are, without those beyond the limit. */
  int size() {
    return Math.min(size, limit);
  }

  /** Returns the score that a slot must exceed to be among those within the limit. */
  float bound() {
    return size < limit ? Float.NEGATIVE_INFINITY : score(limit - 1);
  }

  /** Returns the score that a slot must exceed to be kept. */
  float threshold() {
    return size < room ? Float.NEGATIVE_INFINITY : score(size - 1);
  }

  int slot(int place) {
    return (int) (places[place] & SLOT);
  }

  float score(int place) {
    int ordered = (int) (places[place] >>> Integer.SIZE);
    return Float.intBitsToFloat(ordered < 0 ? ordered ^ Integer.MIN_VALUE : ~ordered);
  }

  boolean isServed(int place) {
    return (places[place] & NOT_SERVED) == 0;
  }
}
