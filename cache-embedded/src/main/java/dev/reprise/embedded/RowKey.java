package dev.reprise.embedded;

import dev.reprise.key.ExactKey;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HexFormat;

/** An {@link ExactKey} in 32 bytes. */
class RowKey {
  private static final int DIGITS = 16;

  private final long first;
  private final long second;
  private final long third;
  private final long fourth;

  RowKey(ExactKey pointer) {
    String hex = pointer.hex();
    first = part(hex, 0);
    second = part(hex, 1);
    third = part(hex, 2);
    fourth = part(hex, 3);
  }

  private RowKey(long first, long second, long third, long fourth) {
    this.first = first;
    this.second = second;
    this.third = third;
    this.fourth = fourth;
  }

  static RowKey read(DataInput in) throws IOException {
    return new RowKey(in.readLong(), in.readLong(), in.readLong(), in.readLong());
  }

  final void write(DataOutput out) throws IOException {
    out.writeLong(first);
    out.writeLong(second);
    out.writeLong(third);
    out.writeLong(fourth);
  }

  private static long part(String hex, int number) {
    return HexFormat.fromHexDigitsToLong(hex, number * DIGITS, (number + 1) * DIGITS);
  }

  final ExactKey pointer() {
    HexFormat hex = HexFormat.of();
    return ExactKey.ofHex(
        hex.toHexDigits(first)
            + hex.toHexDigits(second)
            + hex.toHexDigits(third)
            + hex.toHexDigits(fourth));
  }

  /** Returns a number that looks random, and is the same for equal keys. */
  final long spread() {
    return VectorCodec.mix(
        first ^ VectorCodec.mix(second ^ VectorCodec.mix(third ^ VectorCodec.mix(fourth))));
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof RowKey key
        && first == key.first
        && second == key.second
        && third == key.third
        && fourth == key.fourth;
  }

  @Override
  public final int hashCode() {
    return Long.hashCode(spread());
  }
}
