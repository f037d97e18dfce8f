package dev.reprise.tier.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * Reads what {@link ByteWriter} wrote. Every method throws an {@link IllegalArgumentException} or
 * an {@link IndexOutOfBoundsException} where the bytes say something impossible.
 */
final class ByteReader {
  private final byte[] array;
  private final int end;
  private int position;

  ByteReader(byte[] array, int start, int end) {
    this.array = array;
    this.position = start;
    this.end = end;
  }

  int remaining() {
    return end - position;
  }

  /** Returns whether {@code prefix} comes next, and goes behind it if it does. */
  boolean startsWith(byte[] prefix) {
    if (remaining() < prefix.length
        || !Arrays.equals(array, position, position + prefix.length, prefix, 0, prefix.length)) {
      return false;
    }
    position += prefix.length;
    return true;
  }

  int octet() {
    advance(1);
    return array[position - 1] & 0xff;
  }

  boolean flag() {
    int value = octet();
    if (value > 1) {
      throw new IllegalArgumentException("no flag is " + value);
    }
    return value == 1;
  }

  byte[] bytes(int count) {
    advance(count);
    return Arrays.copyOfRange(array, position - count, position);
  }

  long number() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = octet();
      value |= (long) (next & 0x7f) << shift;
      if ((next & 0x80) == 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number of more than 64 bits");
  }

  /** Returns a number of members, of which each takes a byte or more. */
  int count() {
    return Objects.checkIndex((int) Math.min(number(), Integer.MAX_VALUE), remaining() + 1);
  }

  String text() {
    int count = Objects.checkIndex((int) Math.min(number(), Integer.MAX_VALUE), remaining());
    int encoding = octet();
    advance(count);
    int start = position - count;
    return switch (encoding) {
      case ByteWriter.LATIN_1 -> new String(array, start, count, StandardCharsets.ISO_8859_1);
      case ByteWriter.UTF_8 -> new String(array, start, count, StandardCharsets.UTF_8);
      case ByteWriter.UTF_16 -> utf16(start, count);
      default -> throw new IllegalArgumentException("no encoding is " + encoding);
    };
  }

  private String utf16(int start, int count) {
    char[] characters = new char[count / 2];
    for (int i = 0; i < characters.length; i++) {
      int at = start + 2 * i;
      characters[i] = (char) (((array[at] & 0xff) << 8) | (array[at + 1] & 0xff));
    }
    return new String(characters);
  }

  private void advance(int count) {
    Objects.checkFromIndexSize(position, count, end);
    position += count;
  }
}
