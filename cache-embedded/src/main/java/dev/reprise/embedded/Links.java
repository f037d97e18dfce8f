package dev.reprise.embedded;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * The neighbours of each slot in each layer of a graph. Reading takes no lock: who reads while they
 * change reads again. Changes to a slot are made under {@link #lock}.
 */
final class Links {
  private static final VarHandle INT = MethodHandles.arrayElementVarHandle(int[].class);
  private static final int STRIPES = 256;

  /** A slot with so many entrances or fewer keeps them. */
  static final int ENTRANCES = 3;

  private final int lowestDegree;
  private final int upperDegree;
  private final Object[] locks = new Object[STRIPES];

  /** In the first word of a list: the bits of the number of neighbours, or that they change. */
  private static final int COUNT = 0xFF;

  /** What is added to the first word whenever a change begins or ends. */
  private static final int VERSION = COUNT + 1;

  /** So often a reader looks again before it lets others run for so many nanoseconds. */
  private static final int SPINS = 64;

  private static final long PAUSE = 1_000;

  /** The neighbours in the lowest layer: the number of changes and of them, then the slots. */
  private volatile int[][] lowest = {};

  /** For each slot its neighbours in the layers above, one layer after the other. */
  private volatile int[][][] upper = {};

  /** How many slots have each slot as a neighbour in the lowest layer. */
  private volatile short[][] entering = {};

  private static final VarHandle SHORT = MethodHandles.arrayElementVarHandle(short[].class);
  private static final int[] NONE = {};

  Links(int lowestDegree, int upperDegree) {
    this.lowestDegree = lowestDegree;
    this.upperDegree = upperDegree;
    for (int i = 0; i < STRIPES; i++) {
      locks[i] = new Object();
    }
  }

  /** Returns the same neighbours once more. Nobody may change them meanwhile. */
  synchronized Links copy() {
    Links copy = new Links(lowestDegree, upperDegree);
    copy.lowest = lowest.clone();
    copy.upper = upper.clone();
    copy.entering = entering.clone();
    for (int block = 0; block < lowest.length; block++) {
      copy.lowest[block] = lowest[block].clone();
      copy.entering[block] = entering[block].clone();
      copy.upper[block] = upper[block].clone();
      for (int place = 0; place < RowStore.BLOCK; place++) {
        int[] lists = upper[block][place];
        copy.upper[block][place] = lists.length == 0 ? NONE : lists.clone();
      }
    }
    return copy;
  }

  /** Returns how many neighbours a slot has at most. */
  int degree(int layer) {
    return layer == 0 ? lowestDegree : upperDegree;
  }

  /** Returns what to hold while a slot is changed. Never hold two. */
  Object lock(int slot) {
    return locks[slot & (STRIPES - 1)];
  }

  /** Makes room for a slot that is in the layers up to {@code top}, without neighbours yet. */
  synchronized void open(int slot, int top) {
    int block = slot / RowStore.BLOCK;
    if (block >= lowest.length) {
      int length = lowest.length;
      short[][] moreEntering = Arrays.copyOf(entering, block + 1);
      int[][][] moreUpper = Arrays.copyOf(upper, block + 1);
      int[][] more = Arrays.copyOf(lowest, block + 1);
      for (int i = length; i <= block; i++) {
        moreEntering[i] = new short[RowStore.BLOCK];
        moreUpper[i] = new int[RowStore.BLOCK][];
        Arrays.fill(moreUpper[i], NONE);
        more[i] = new int[RowStore.BLOCK * (lowestDegree + 1)];
      }
      entering = moreEntering;
      upper = moreUpper;
      lowest = more;
    }
    int begin = slot % RowStore.BLOCK * (lowestDegree + 1);
    int before = (int) INT.getAcquire(lowest[block], begin);
    INT.setRelease(lowest[block], begin, (before & ~COUNT) + 2 * VERSION);
    setEntering(slot, 0);
    upper[block][slot % RowStore.BLOCK] = top == 0 ? NONE : new int[top * (upperDegree + 1)];
  }

  /** Returns a number above all slots that were opened. */
  int end() {
    return lowest.length * RowStore.BLOCK;
  }

  /** Returns the highest layer that a slot is in. */
  int top(int slot) {
    return upper[slot / RowStore.BLOCK][slot % RowStore.BLOCK].length / (upperDegree + 1);
  }

  private int[] list(int slot, int layer) {
    return layer == 0
        ? lowest[slot / RowStore.BLOCK]
        : upper[slot / RowStore.BLOCK][slot % RowStore.BLOCK];
  }

  private int begin(int slot, int layer) {
    return layer == 0
        ? slot % RowStore.BLOCK * (lowestDegree + 1)
        : (layer - 1) * (upperDegree + 1);
  }

  /** Copies the neighbours of a slot into {@code target}; returns how many there are. */
  int read(int slot, int layer, int[] target) {
    int[] list = list(slot, layer);
    int begin = begin(slot, layer);
    for (int tries = 1; ; tries++) {
      int word = (int) INT.getAcquire(list, begin);
      int count = word & COUNT;
      if (count != COUNT) {
        for (int i = 0; i < count; i++) {
          target[i] = (int) INT.getAcquire(list, begin + 1 + i);
        }
        VarHandle.loadLoadFence();
        if ((int) INT.getAcquire(list, begin) == word) {
          return count;
        }
      }
      if (tries % SPINS == 0) {
        LockSupport.parkNanos(PAUSE);
      } else {
        Thread.onSpinWait();
      }
    }
  }

  /** Sets the neighbours of a slot. */
  void write(int slot, int layer, int[] neighbours, int count) {
    int[] list = list(slot, layer);
    int begin = begin(slot, layer);
    int version = (int) INT.getAcquire(list, begin) & ~COUNT;
    INT.setVolatile(list, begin, version + VERSION | COUNT);
    for (int i = 0; i < count; i++) {
      INT.setRelease(list, begin + 1 + i, neighbours[i]);
    }
    INT.setRelease(list, begin, version + 2 * VERSION | count);
  }

  /** Returns how many slots have {@code slot} as a neighbour in the lowest layer. */
  int entering(int slot) {
    return (short) SHORT.getAcquire(entering[slot / RowStore.BLOCK], slot % RowStore.BLOCK);
  }

  void setEntering(int slot, int count) {
    SHORT.setRelease(entering[slot / RowStore.BLOCK], slot % RowStore.BLOCK, (short) count);
  }

  /**
   * Counts one more slot, or one less, that has {@code slot} as a neighbour in the lowest layer.
   */
  void countEntering(int slot, int more) {
    SHORT.getAndAdd(entering[slot / RowStore.BLOCK], slot % RowStore.BLOCK, (short) more);
  }

  /**
   * Counts one slot less that has {@code slot} as a neighbour in the lowest layer, unless these
   * would be too few. Of several threads that let go of a slot at once, one is told that it must
   * not.
   *
   * @return whether enough are left
   */
  boolean leave(int slot) {
    short[] block = entering[slot / RowStore.BLOCK];
    int place = slot % RowStore.BLOCK;
    while (true) {
      short count = (short) SHORT.getVolatile(block, place);
      if (count <= ENTRANCES) {
        return false;
      }
      if (SHORT.compareAndSet(block, place, count, (short) (count - 1))) {
        return true;
      }
    }
  }
}
