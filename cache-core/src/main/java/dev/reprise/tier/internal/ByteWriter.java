package dev.reprise.tier.internal;

import dev.reprise.model.CacheException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the parts of an {@link EntryCodec} body, up to a number of bytes. */
final class ByteWriter {
  /** ISO 8859-1: the fastest to read. */
  static final int LATIN_1 = 0;

  /** UTF-8. */
  static final int UTF_8 = 1;

  /** UTF-16, big-endian: for what UTF-8 would alter, half of a surrogate pair. */
  static final int UTF_16 = 2;

  private final int maximumBytes;
  private byte[] array = new byte[512];
  private int size;

  ByteWriter(int maximumBytes) {
    this.maximumBytes = maximumBytes;
  }

  /** Returns the bytes written, and room behind them. */
  byte[] array() {
    return array;
  }

  int size() {
    return size;
  }

  void octet(int value) {
    ensure(1);
    array[size++] = (byte) value;
  }

  void bytes(byte[] bytes) {
    ensure(bytes.length);
    System.arraycopy(bytes, 0, array, size, bytes.length);
    size += bytes.length;
  }

  void number(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      array[size++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    array[size++] = (byte) rest;
  }

  void text(String text) {
    int encoding = encoding(text);
    byte[] bytes =
        text.getBytes(
            switch (encoding) {
              case LATIN_1 -> StandardCharsets.ISO_8859_1;
              case UTF_8 -> StandardCharsets.UTF_8;
              default -> StandardCharsets.UTF_16BE;
            });
    if (encoding == UTF_16) {
      // The charset replaces halves of pairs, too; the characters are written one by one.
      for (int i = 0; i < text.length(); i++) {
        bytes[2 * i] = (byte) (text.charAt(i) >>> 8);
        bytes[2 * i + 1] = (byte) text.charAt(i);
      }
    }
    number(bytes.length);
    octet(encoding);
    bytes(bytes);
  }

  private static int encoding(String text) {
    int encoding = LATIN_1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > 0xff) {
        encoding = UTF_8;
        if (Character.isSurrogate(c)) {
          boolean pair =
              Character.isHighSurrogate(c)
                  && i + 1 < text.length()
                  && Character.isLowSurrogate(text.charAt(i + 1));
          if (!pair) {
            return UTF_16;
          }
          i++;
        }
      }
    }
    return encoding;
  }

  private void ensure(int more) {
    if (more > maximumBytes - size) {
      throw new CacheException("an entry of more than " + maximumBytes + " bytes cannot be stored");
    }
    if (size + more > array.length) {
      array = Arrays.copyOf(array, Math.max(size + more, 2 * array.length));
    }
  }
}
