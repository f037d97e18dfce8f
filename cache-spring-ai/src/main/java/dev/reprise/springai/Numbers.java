package dev.reprise.springai;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Numbers as they are in keys. */
final class Numbers {
  private Numbers() {}

  /** Returns {@code number} in a class that a {@link dev.reprise.model.JsonObject} takes. */
  static Object json(Number number) {
    if (number instanceof Integer
        || number instanceof Long
        || number instanceof Short
        || number instanceof Byte
        || number instanceof BigInteger
        || number instanceof BigDecimal) {
      return number;
    }
    if (number instanceof Double || number instanceof Float) {
      return Double.isFinite(number.doubleValue()) ? number : number.toString();
    }
    return number.toString();
  }
}
