package dev.reprise.key;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.text.Normalizer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.erdtman.jcs.NumberToJSON;
import org.jspecify.annotations.Nullable;

/*
 * RFC 8785 (JSON Canonicalization Scheme), with two things added that a key needs:
 *
 * - Strings and member names are brought to Unicode form NFC first, so that the same text typed on two machines has one key.
 *   Two members whose names become equal leave the object without a canonical form.
 * - RFC 8785 knows IEEE 754 doubles only, and would write 2^60 and 2^60 + 1 alike. A number that a double does not hold is
 *   written out in its exact decimal digits, so that two seeds never share a key.
 */
/** Writes a tree of maps, lists, strings, numbers, booleans and nulls as canonical JSON. */
final class CanonicalJson {
  private static final long LARGEST_EXACT_INTEGER = 1L << 53;

  private final StringBuilder out = new StringBuilder(512);

  private CanonicalJson() {}

  /**
   * Returns the canonical form of {@code tree}.
   *
   * @throws UncanonicalException if a string has a lone surrogate, or two member names of one
   *     object are equal in NFC
   */
  static String write(@Nullable Object tree) {
    CanonicalJson writer = new CanonicalJson();
    writer.value(tree);
    return writer.out.toString();
  }

  private void value(@Nullable Object value) {
    if (value == null) {
      out.append("null");
    } else if (value instanceof String string) {
      string(normalized(string));
    } else if (value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof Number number) {
      number(number);
    } else if (value instanceof Map<?, ?> map) {
      object(map);
    } else if (value instanceof List<?> list) {
      array(list);
    } else {
      throw new IllegalArgumentException("not a JSON value: " + value.getClass().getName());
    }
  }

  private void object(Map<?, ?> map) {
    TreeMap<String, @Nullable Object> sorted = new TreeMap<>();
    for (Map.Entry<?, ?> member : map.entrySet()) {
      String name = normalized((String) member.getKey());
      if (sorted.containsKey(name)) {
        throw new UncanonicalException(
            "an object has two members whose names are equal in Unicode form NFC");
      }
      sorted.put(name, member.getValue());
    }
    out.append('{');
    String separator = "";
    for (Map.Entry<String, @Nullable Object> member : sorted.entrySet()) {
      out.append(separator);
      separator = ",";
      string(member.getKey());
      out.append(':');
      value(member.getValue());
    }
    out.append('}');
  }

  private void array(List<?> list) {
    out.append('[');
    for (int i = 0; i < list.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      value(list.get(i));
    }
    out.append(']');
  }

  private void number(Number number) {
    if (number instanceof Long integer
        && Math.abs(integer) <= LARGEST_EXACT_INTEGER
        && integer != Long.MIN_VALUE) {
      out.append(integer.longValue());
      return;
    }
    double nearest = number.doubleValue();
    if (number instanceof Double || holds(nearest, exact(number))) {
      out.append(ecmaScript(nearest));
    } else {
      out.append(exact(number).stripTrailingZeros());
    }
  }

  private static BigDecimal exact(Number number) {
    if (number instanceof BigDecimal decimal) {
      return decimal;
    }
    if (number instanceof BigInteger integer) {
      return new BigDecimal(integer);
    }
    return BigDecimal.valueOf(number.longValue());
  }

  private static boolean holds(double nearest, BigDecimal exact) {
    return Double.isFinite(nearest)
        && (new BigDecimal(nearest).compareTo(exact) == 0
            || new BigDecimal(Double.toString(nearest)).compareTo(exact) == 0);
  }

  private static String ecmaScript(double number) {
    try {
      return NumberToJSON.serializeNumber(number);
    } catch (IOException e) {
      throw new UncanonicalException("a number is not finite");
    }
  }

  private void string(String string) {
    out.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\f' -> out.append("\\f");
        case '\r' -> out.append("\\r");
        default -> {
          if (c < 0x20) {
            out.append("\\u00")
                .append(c < 0x10 ? '0' : '1')
                .append(Character.forDigit(c & 0xf, 16));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  /**
   * Returns {@code string} in Unicode form NFC.
   *
   * @throws UncanonicalException if it has a lone surrogate
   */
  static String normalized(String string) {
    boolean ascii = true;
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c < 0x80) {
        continue;
      }
      ascii = false;
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < string.length()
                && Character.isLowSurrogate(string.charAt(i + 1));
        if (!pair) {
          throw new UncanonicalException("a text has a lone surrogate at character " + i);
        }
        i++;
      }
    }
    return ascii ? string : Normalizer.normalize(string, Normalizer.Form.NFC);
  }
}
