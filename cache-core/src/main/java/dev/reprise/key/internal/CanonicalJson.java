package dev.reprise.key.internal;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.erdtman.jcs.NumberToJSON;
import org.jspecify.annotations.Nullable;

/*
 * RFC 8785 (JSON Canonicalization Scheme), with this changed for keys:
 *
 * - Strings are written as they are, in no Unicode normal form: a model can tell the Kelvin sign from the letter K.
 * - RFC 8785 knows IEEE 754 doubles only, and would write 2^60 and 2^60 + 1 alike. Here a number is its decimal value, and a
 *   double stands for the shortest decimal that reads back as that double, which is what goes over the wire. Where RFC 8785
 *   writes that value, so does this; else the digits are written out. Two values are never written alike, one never in two ways.
 *
 * And one thing is left out: a JSON schema keeps the order of its members. Providers generate an object's members in the order of the
 * schema's properties, so "reasoning before answer" and "answer before reasoning" ask for two different texts.
 */
/**
 * Writes canonical JSON. An object's members are written either from a map, which is sorted here
 * unless it is part of a JSON schema, or one by one with {@link #member}, in the order of their
 * names' UTF-16 code units.
 */
final class CanonicalJson {
  private static final long LARGEST_EXACT_INTEGER = 1L << 53;

  /** Members whose value is a JSON schema, or maps names to schemas, at any depth of a request. */
  private static final Set<String> SCHEMAS =
      Set.of(
          "schema",
          "parameters",
          "parametersJsonSchema",
          "input_schema",
          "inputSchema",
          "response_schema",
          "responseSchema",
          "response_json_schema",
          "responseJsonSchema",
          "guided_json",
          "properties",
          "patternProperties",
          "$defs",
          "definitions");

  /** Whether the members of an object are sorted. */
  private enum Order {
    SORTED,
    AS_GIVEN
  }

  private final StringBuilder out = new StringBuilder(1024);

  /**
   * Returns the canonical form of {@code tree}, of maps, lists, strings, numbers, booleans and
   * nulls.
   *
   * @throws UncanonicalException if a string has a lone surrogate
   */
  static String write(@Nullable Object tree) {
    CanonicalJson writer = new CanonicalJson();
    writer.value(tree);
    return writer.text();
  }

  /** Returns what is written so far. */
  String text() {
    return out.toString();
  }

  /** Returns the UTF-8 of what is written so far. */
  byte[] bytes() {
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Opens an object. */
  CanonicalJson openObject() {
    out.append('{');
    return this;
  }

  /** Closes the object that was opened last. */
  CanonicalJson closeObject() {
    out.append('}');
    return this;
  }

  /** Opens an array. */
  CanonicalJson openArray() {
    out.append('[');
    return this;
  }

  /** Closes the array that was opened last. */
  CanonicalJson closeArray() {
    out.append(']');
    return this;
  }

  /** Goes on to the next element of an array. */
  CanonicalJson element() {
    if (out.charAt(out.length() - 1) != '[') {
      out.append(',');
    }
    return this;
  }

  /**
   * Goes on to the next member of an object.
   *
   * @param name ASCII letters, behind the name before it in the order of code units
   */
  CanonicalJson member(String name) {
    if (out.charAt(out.length() - 1) != '{') {
      out.append(',');
    }
    out.append('"').append(name).append("\":");
    return this;
  }

  /**
   * Writes a value.
   *
   * @throws UncanonicalException if it has no canonical form
   */
  CanonicalJson value(@Nullable Object value) {
    value(value, Order.SORTED);
    return this;
  }

  private void value(@Nullable Object value, Order order) {
    if (value == null) {
      out.append("null");
    } else if (value instanceof String string) {
      quoted(wellFormed(string));
    } else if (value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof Number number) {
      number(number);
    } else if (value instanceof Map<?, ?> map) {
      object(map, order);
    } else if (value instanceof List<?> list) {
      array(list, order);
    } else {
      throw new IllegalArgumentException("not a JSON value: " + value.getClass().getName());
    }
  }

  private record Member(String name, @Nullable Object value) {}

  private void object(Map<?, ?> map, Order order) {
    List<Member> members = new ArrayList<>(map.size());
    for (Map.Entry<?, ?> member : map.entrySet()) {
      members.add(new Member(wellFormed((String) member.getKey()), member.getValue()));
    }
    List<Member> sorted = new ArrayList<>(members);
    sorted.sort(Comparator.comparing(Member::name));
    openObject();
    for (Member member : order == Order.SORTED ? sorted : members) {
      if (out.charAt(out.length() - 1) != '{') {
        out.append(',');
      }
      quoted(member.name());
      out.append(':');
      value(member.value(), SCHEMAS.contains(member.name()) ? Order.AS_GIVEN : order);
    }
    closeObject();
  }

  private void array(List<?> list, Order order) {
    openArray();
    for (Object element : list) {
      element().value(element, order);
    }
    closeArray();
  }

  private void number(Number number) {
    if (number instanceof Long integer
        && integer >= -LARGEST_EXACT_INTEGER
        && integer <= LARGEST_EXACT_INTEGER) {
      out.append(integer.longValue());
      return;
    }
    double nearest = number.doubleValue();
    if (number instanceof Double) {
      out.append(ecmaScript(nearest));
      return;
    }
    BigDecimal exact = exact(number);
    if (Double.isFinite(nearest)) {
      String shortest = ecmaScript(nearest);
      if (new BigDecimal(shortest).compareTo(exact) == 0) {
        out.append(shortest);
        return;
      }
    }
    digits(exact);
  }

  private static BigDecimal exact(Number number) {
    if (number instanceof BigDecimal decimal) {
      return decimal;
    }
    if (number instanceof BigInteger integer) {
      return new BigDecimal(integer);
    }
    if (number instanceof Long integer) {
      return BigDecimal.valueOf(integer);
    }
    throw new IllegalArgumentException("not a JSON number: " + number.getClass().getName());
  }

  private static String ecmaScript(double number) {
    long integer = (long) number;
    if (integer == number && Math.abs(integer) <= LARGEST_EXACT_INTEGER) {
      return Long.toString(integer);
    }
    try {
      return NumberToJSON.serializeNumber(number);
    } catch (IOException e) {
      throw new UncanonicalException("a number is not finite");
    }
  }

  /*
   * BigDecimal.stripTrailingZeros divides by ten once a zero, which is quadratic in the digits; this is not.
   */
  /** Writes the significant digits as an integer, and the power of ten behind an E, unless 0. */
  private void digits(BigDecimal number) {
    String digits = number.unscaledValue().toString();
    int end = digits.length();
    while (end > 1 && digits.charAt(end - 1) == '0') {
      end--;
    }
    long exponent = (long) digits.length() - end - number.scale();
    out.append(digits, 0, end);
    if (exponent != 0) {
      out.append('E').append(exponent);
    }
  }

  private void quoted(String string) {
    out.append('"');
    int written = 0;
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c < 0x20 || c == '"' || c == '\\') {
        out.append(string, written, i);
        escaped(c);
        written = i + 1;
      }
    }
    if (written == 0) {
      out.append(string);
    } else {
      out.append(string, written, string.length());
    }
    out.append('"');
  }

  private void escaped(char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\b' -> out.append("\\b");
      case '\t' -> out.append("\\t");
      case '\n' -> out.append("\\n");
      case '\f' -> out.append("\\f");
      case '\r' -> out.append("\\r");
      default ->
          out.append("\\u00").append(c < 0x10 ? '0' : '1').append(Character.forDigit(c & 0xf, 16));
    }
  }

  /**
   * Returns {@code string}.
   *
   * @throws UncanonicalException if it has a lone surrogate
   */
  static String wellFormed(String string) {
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
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
    return string;
  }
}
