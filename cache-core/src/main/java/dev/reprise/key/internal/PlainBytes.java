package dev.reprise.key.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds the bytes of UTF-8 that stand in a JSON string as they are, eight at a time. */
final class PlainBytes {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private PlainBytes() {}

  /**
   * Returns the index, from {@code from} on, of the first byte that is to be looked at: a control
   * character, a quotation mark, a backslash, or a question mark, which also stands for a character
   * that has no bytes. Returns the length where there is none.
   */
  static int end(byte[] bytes, int from) {
    int i = from;
    for (; i <= bytes.length - Long.BYTES; i += Long.BYTES) {
      long eight = (long) EIGHT.get(bytes, i);
      long control = eight - 0x20 * ONES;
      long found =
          (control
                  | zero(eight ^ '"' * ONES)
                  | zero(eight ^ '\\' * ONES)
                  | zero(eight ^ '?' * ONES))
              & ~eight
              & HIGH_BITS;
      if (found != 0) {
        // Borrows run upwards only, so that the lowest mark is right.
        return i + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
    }
    while (i < bytes.length && isPlain(bytes[i])) {
      i++;
    }
    return i;
  }

  /** Marks the bytes that are zero, in their highest bits; higher bytes may be marked, too. */
  private static long zero(long eight) {
    return eight - ONES;
  }

  private static boolean isPlain(byte b) {
    return (b < 0 || b >= 0x20) && b != '"' && b != '\\' && b != '?';
  }
}
