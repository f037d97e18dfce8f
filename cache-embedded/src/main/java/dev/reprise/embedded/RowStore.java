package dev.reprise.embedded;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one partition with their vectors, each in a slot that stays its own while it is here.
 * A slot that was freed is used again.
 *
 * <p>A vector is held as whole numbers of 16 bits and a factor: the cosine that comes of it is off
 * by a few millionths. Beside it is its code ({@link VectorCodec}), unless the vectors have too few
 * components for that. Reading takes no lock. Who reads a slot while it is filled again may see
 * some of both vectors: look at {@link #row} afterwards where that matters.
 */
final class RowStore {
  /** So many slots lie together. */
  static final int BLOCK = 256;

  private static final int FIRST_CAPACITY = 1;
  private static final VarHandle ROW = MethodHandles.arrayElementVarHandle(HnswRow[].class);

  /**
   * From so many components on, codes tell enough to find a way by; fewer components are soon
   * multiplied.
   */
  private static final int CODED_DIMENSION = 128;

  private final int dimension;
  private final @Nullable VectorCodec codec;

  /** Words of a slot: its code, and a word with both factors. */
  private final int codeLength;

  private final ArrayDeque<Integer> freeSlots = new ArrayDeque<>();
  private volatile Blocks blocks = new Blocks(new HnswRow[0][], new long[0][], new short[0][]);

  /** No slot from here on was ever used. */
  private volatile int end;

  private volatile int size;

  /** The arrays of all blocks; another object whenever there are more. */
  private static final class Blocks {
    private final HnswRow[][] rows;
    private final long[][] codes;
    private final short[][] components;

    Blocks(HnswRow[][] rows, long[][] codes, short[][] components) {
      this.rows = rows;
      this.codes = codes;
      this.components = components;
    }

    int capacity() {
      int last = rows.length - 1;
      return last < 0 ? 0 : last * BLOCK + rows[last].length;
    }
  }

  RowStore(int dimension, @Nullable VectorCodec codec) {
    this.dimension = dimension;
    this.codec = codec;
    codeLength = (codec == null ? 0 : codec.length()) + 1;
  }

  /** Returns a codec for vectors of that dimension, or null if none is of use. */
  static @Nullable VectorCodec codec(int dimension) {
    return dimension < CODED_DIMENSION ? null : new VectorCodec(dimension);
  }

  /** Returns how many rows there are, retired ones included. */
  int size() {
    return size;
  }

  /** Returns a number above all slots. */
  int end() {
    return end;
  }

  /** Returns the row in a slot, or null if the slot is free. */
  @Nullable HnswRow row(int slot) {
    HnswRow[][] all = blocks.rows;
    int block = slot / BLOCK;
    return block < all.length && slot % BLOCK < all[block].length
        ? (HnswRow) ROW.getAcquire(all[block], slot % BLOCK)
        : null;
  }

  /** Returns the slot of a row, or -1 if it is not here. */
  @SuppressWarnings("ReferenceEquality") // Another row may have an equal key.
  int find(HnswRow row) {
    if (row(row.slot()) == row) {
      return row.slot();
    }
    // It is being moved to another store.
    for (int slot = 0; slot < end; slot++) {
      if (row(slot) == row) {
        return slot;
      }
    }
    return -1;
  }

  /**
   * Adds a row and its vector.
   *
   * @return its slot, or -1 if there are {@code limit} rows already
   */
  int add(HnswRow row, float[] vector, int limit) {
    long[] code = new long[codeLength];
    float factor = codec == null ? 0 : codec.encode(vector, code);
    short[] components = new short[dimension];
    float scale = rounded(vector, components);
    code[codeLength - 1] =
        (long) Float.floatToRawIntBits(factor) << Integer.SIZE
            | (Float.floatToRawIntBits(scale) & 0xFFFF_FFFFL);
    synchronized (this) {
      if (size >= limit) {
        return -1;
      }
      Integer free = freeSlots.poll();
      int slot = free == null ? end : free;
      ensureCapacity(slot, limit);
      Blocks all = blocks;
      int block = slot / BLOCK;
      int place = slot % BLOCK;
      System.arraycopy(code, 0, all.codes[block], place * codeLength, codeLength);
      System.arraycopy(components, 0, all.components[block], place * dimension, dimension);
      row.slot(slot);
      ROW.setRelease(all.rows[block], place, row);
      size++;
      end = Math.max(end, slot + 1);
      return slot;
    }
  }

  private void ensureCapacity(int slot, int limit) {
    Blocks all = blocks;
    int capacity = all.capacity();
    if (slot < capacity) {
      return;
    }
    int block = slot / BLOCK;
    HnswRow[][] rows = Arrays.copyOf(all.rows, block + 1);
    long[][] codes = Arrays.copyOf(all.codes, block + 1);
    short[][] components = Arrays.copyOf(all.components, block + 1);
    // Most fingerprints have few questions: a store of a handful must not reserve a whole block.
    int wanted =
        slot % BLOCK == 0 && block > 0
            ? BLOCK
            : Math.min(BLOCK, Math.max(FIRST_CAPACITY, slot % BLOCK * 5 / 4 + 1));
    int room = Math.min(wanted, Math.max(limit - block * BLOCK, slot % BLOCK + 1));
    rows[block] = rows[block] == null ? new HnswRow[room] : Arrays.copyOf(rows[block], room);
    codes[block] =
        codes[block] == null
            ? new long[room * codeLength]
            : Arrays.copyOf(codes[block], room * codeLength);
    components[block] =
        components[block] == null
            ? new short[room * dimension]
            : Arrays.copyOf(components[block], room * dimension);
    blocks = new Blocks(rows, codes, components);
  }

  /** Frees a slot. */
  synchronized void free(int slot) {
    HnswRow[] rows = blocks.rows[slot / BLOCK];
    if (rows[slot % BLOCK] != null) {
      ROW.setRelease(rows, slot % BLOCK, null);
      size--;
      freeSlots.add(slot);
    }
  }

  /** Rounds a vector to 16 bits a component; returns the factor for cosines. */
  private static float rounded(float[] vector, short[] components) {
    float largest = 0;
    for (float component : vector) {
      largest = Math.max(largest, Math.abs(component));
    }
    double step = largest / (double) Short.MAX_VALUE;
    double dot = 0;
    double square = 0;
    for (int i = 0; i < vector.length; i++) {
      components[i] = (short) Math.round(vector[i] / step);
      dot += components[i] * (double) vector[i];
      square += vector[i] * (double) vector[i];
    }
    return (float) (square / dot);
  }

  /** Returns the cosine of the row in a slot to {@code query}, which has length 1. */
  double cosine(int slot, float[] query) {
    Blocks all = blocks;
    int place = slot % BLOCK;
    short[] components = all.components[slot / BLOCK];
    int begin = place * dimension;
    double sum = 0;
    for (int i = 0; i < dimension; i++) {
      sum += query[i] * (double) components[begin + i];
    }
    return sum * scale(all.codes[slot / BLOCK], place);
  }

  /** Returns the same with the precision of a float, in less time. */
  float quickCosine(int slot, float[] query) {
    Blocks all = blocks;
    int place = slot % BLOCK;
    short[] components = all.components[slot / BLOCK];
    int begin = place * dimension;
    int whole = dimension & ~3;
    float first = 0;
    float second = 0;
    float third = 0;
    float fourth = 0;
    for (int i = 0; i < whole; i += 4) {
      first += query[i] * components[begin + i];
      second += query[i + 1] * components[begin + i + 1];
      third += query[i + 2] * components[begin + i + 2];
      fourth += query[i + 3] * components[begin + i + 3];
    }
    for (int i = whole; i < dimension; i++) {
      first += query[i] * components[begin + i];
    }
    return (first + second + third + fourth) * scale(all.codes[slot / BLOCK], place);
  }

  private float scale(long[] codes, int place) {
    return Float.intBitsToFloat((int) codes[(place + 1) * codeLength - 1]);
  }

  /** Returns the vector in a slot, as it was rounded. */
  float[] vector(int slot) {
    Blocks all = blocks;
    int place = slot % BLOCK;
    short[] components = all.components[slot / BLOCK];
    float scale = scale(all.codes[slot / BLOCK], place);
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = components[place * dimension + i] * scale;
    }
    return vector;
  }

  /** Returns how much an estimate may be short of the cosine, nearly always. */
  float doubt() {
    return codec == null ? 0 : (float) (1.3 / Math.sqrt(dimension));
  }

  /** Returns an estimate of the cosine of two rows. */
  float similarity(int one, int other) {
    if (codec == null) {
      return quickCosine(one, vector(other));
    }
    long[][] codes = blocks.codes;
    long[] first = codes[one / BLOCK];
    long[] second = codes[other / BLOCK];
    int begin = one % BLOCK * codeLength;
    int otherBegin = other % BLOCK * codeLength;
    return codec.estimate(
        first, begin, factor(first, begin), second, otherBegin, factor(second, otherBegin));
  }

  private float factor(long[] codes, int begin) {
    return Float.intBitsToFloat((int) (codes[begin + codeLength - 1] >> Integer.SIZE));
  }

  /** Returns how rows are scored on the way to the nearest ones. */
  Scores scores(float[] query) {
    return new Scores(query, codec == null ? null : codec.query(query));
  }

  /** The scores of rows for one query. */
  final class Scores {
    private final float[] vector;
    private final VectorCodec.@Nullable Query coded;

    private Scores(float[] vector, VectorCodec.@Nullable Query coded) {
      this.vector = vector;
      this.coded = coded;
    }

    /** Returns an estimate of the cosine. */
    float estimate(int slot) {
      return estimate(slot, Float.NEGATIVE_INFINITY);
    }

    /** Returns an estimate of the cosine, or negative infinity if it is not above {@code bound}. */
    float estimate(int slot, float bound) {
      if (coded == null) {
        return cosine(slot);
      }
      long[] codes = blocks.codes[slot / BLOCK];
      int begin = slot % BLOCK * codeLength;
      return coded.estimate(codes, begin, factor(codes, begin), bound);
    }

    /** Reads a little of each of the slots, so that the processor fetches them side by side. */
    long touch(int[] slots, int count) {
      long[][] codes = blocks.codes;
      long sum = 0;
      for (int i = 0; i < count; i++) {
        int slot = slots[i];
        int begin = slot % BLOCK * codeLength;
        sum += codes[slot / BLOCK][begin] + codes[slot / BLOCK][begin + codeLength - 1];
      }
      return sum;
    }

    /** Returns the cosine. */
    float cosine(int slot) {
      return RowStore.this.quickCosine(slot, vector);
    }
  }
}
