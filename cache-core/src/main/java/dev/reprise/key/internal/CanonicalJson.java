package dev.reprise.key.internal;

import dev.reprise.model.ContentHash;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
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

  /**
   * How many bytes are held at most where they go into a digest, in bytes: a request of any size is
   * hashed in this much memory.
   */
  private static final int CHUNK = 1024;

  /** A longer string is written in pieces of so many characters. */
  private static final int PIECE = 8 * CHUNK;

  private static final byte[] EMPTY_OBJECT = {'{', '}'};
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final @Nullable MessageDigest digest;
  private byte[] out = new byte[CHUNK];
  private int size;

  /** Whether the next element or member is the first of its array or object. */
  private boolean isFirst;

  private CanonicalJson(@Nullable MessageDigest digest) {
    this.digest = digest;
  }

  /** Returns a writer whose text is wanted. */
  static CanonicalJson ofText() {
    return new CanonicalJson(null);
  }

  /** Returns a writer of which the SHA-256 is wanted only. */
  static CanonicalJson ofHash() {
    return new CanonicalJson(ContentHash.sha256());
  }

  /**
   * Returns the canonical form of {@code tree}, of maps, lists, strings, numbers, booleans and
   * nulls.
   *
   * @throws UncanonicalException if a string has a lone surrogate
   */
  static String write(@Nullable Object tree) {
    CanonicalJson writer = ofText();
    writer.value(tree);
    return writer.text();
  }

  /** Returns what is written so far, of a writer of text. */
  String text() {
    if (digest != null) {
      throw new IllegalStateException("only the hash of this text is kept");
    }
    return new String(out, 0, size, StandardCharsets.UTF_8);
  }

  /** Returns the SHA-256 of what is written, of a writer of a hash. Ends it. */
  ContentHash hash() {
    if (digest == null) {
      throw new IllegalStateException("only the text is kept, not its hash");
    }
    digest.update(out, 0, size);
    size = 0;
    return new ContentHash(HexFormat.of().formatHex(digest.digest()));
  }

  /** Opens an object. */
  CanonicalJson openObject() {
    octet('{');
    isFirst = true;
    return this;
  }

  /** Closes the object that was opened last. */
  CanonicalJson closeObject() {
    octet('}');
    isFirst = false;
    return this;
  }

  /** Opens an array. */
  CanonicalJson openArray() {
    octet('[');
    isFirst = true;
    return this;
  }

  /** Closes the array that was opened last. */
  CanonicalJson closeArray() {
    octet(']');
    isFirst = false;
    return this;
  }

  /** Goes on to the next element of an array. */
  CanonicalJson element() {
    if (!isFirst) {
      octet(',');
    }
    isFirst = false;
    return this;
  }

  /**
   * Goes on to the next member of an object.
   *
   * @param name as {@link #name} returns it; behind the name before it in the order of code units
   */
  CanonicalJson member(byte[] name) {
    element();
    octets(name, 0, name.length);
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
      ascii("null");
    } else if (value instanceof String string) {
      quoted(string);
    } else if (value instanceof Boolean) {
      ascii(value.toString());
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

  private void object(Map<?, ?> map, Order order) {
    if (map.isEmpty()) {
      octets(EMPTY_OBJECT, 0, EMPTY_OBJECT.length);
      return;
    }
    openObject();
    if (order == Order.AS_GIVEN || map.size() < 2) {
      for (Map.Entry<?, ?> member : map.entrySet()) {
        member((String) member.getKey(), member.getValue(), order);
      }
    } else {
      String[] names = new String[map.size()];
      int count = 0;
      for (Object name : map.keySet()) {
        names[count++] = (String) name;
      }
      Arrays.sort(names);
      for (String name : names) {
        member(name, map.get(name), order);
      }
    }
    closeObject();
  }

  private void member(String name, @Nullable Object value, Order order) {
    element();
    quoted(name);
    octet(':');
    value(value, SCHEMAS.contains(name) ? Order.AS_GIVEN : order);
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
      ascii(Long.toString(integer));
      return;
    }
    double nearest = number.doubleValue();
    if (number instanceof Double) {
      ascii(ecmaScript(nearest));
      return;
    }
    BigDecimal exact = exact(number);
    if (Double.isFinite(nearest)) {
      String shortest = ecmaScript(nearest);
      if (new BigDecimal(shortest).compareTo(exact) == 0) {
        ascii(shortest);
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
    ascii(digits.substring(0, end));
    if (exponent != 0) {
      octet('E');
      ascii(Long.toString(exponent));
    }
  }

  /** Writes a string, which is checked on the way: in pieces, so that a long one needs little. */
  private void quoted(String string) {
    octet('"');
    int length = string.length();
    if (length <= PIECE) {
      piece(string, 0, string);
    } else {
      for (int from = 0; from < length; ) {
        int to = Math.min(length, from + PIECE);
        if (to < length && isPair(string, to - 1)) {
          to--;
        }
        piece(string, from, string.substring(from, to));
        from = to;
      }
    }
    octet('"');
  }

  /**
   * Writes a piece of {@code string} that begins at {@code from} and ends between characters.
   *
   * @throws UncanonicalException if it has a lone surrogate, in whose place the charset puts a
   *     question mark
   */
  private void piece(String string, int from, String piece) {
    byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
    boolean isAscii = bytes.length == piece.length();
    if (!isAscii) {
      checkWellFormed(string, from, from + piece.length());
    }
    int written = 0;
    int i = PlainBytes.end(bytes, 0);
    while (i < bytes.length) {
      byte b = bytes[i];
      if (b != '?') {
        octets(bytes, written, i);
        escaped(b);
        written = i + 1;
      } else if (isAscii && piece.charAt(i) != '?') {
        throw lone(from + i);
      }
      i = PlainBytes.end(bytes, i + 1);
    }
    octets(bytes, written, bytes.length);
  }

  /** Writes an ASCII character that must not stand in a string as it is. */
  private void escaped(byte c) {
    octet('\\');
    switch (c) {
      case '"', '\\' -> octet(c);
      case '\b' -> octet('b');
      case '\t' -> octet('t');
      case '\n' -> octet('n');
      case '\f' -> octet('f');
      case '\r' -> octet('r');
      default -> {
        ascii("u00");
        octet(HEX[c >>> 4]);
        octet(HEX[c & 0xf]);
      }
    }
  }

  private void ascii(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    octets(bytes, 0, bytes.length);
  }

  private void octet(int value) {
    if (size == out.length) {
      makeRoom(1);
    }
    out[size++] = (byte) value;
  }

  private void octets(byte[] bytes, int from, int to) {
    int count = to - from;
    if (count > out.length - size) {
      makeRoom(count);
      if (digest != null && count > out.length) {
        digest.update(bytes, from, count);
        return;
      }
    }
    System.arraycopy(bytes, from, out, size, count);
    size += count;
  }

  /** Makes room for so many bytes, at most for what an empty buffer holds where it is digested. */
  private void makeRoom(int more) {
    if (digest == null) {
      out = Arrays.copyOf(out, Math.max(2 * out.length, size + more));
    } else {
      digest.update(out, 0, size);
      size = 0;
    }
  }

  /** Returns what {@link #member(byte[])} writes for a name of ASCII letters. */
  static byte[] name(String name) {
    return ('"' + name + "\":").getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Returns {@code string}.
   *
   * @throws UncanonicalException if it has a lone surrogate
   */
  static String wellFormed(String string) {
    checkWellFormed(string, 0, string.length());
    return string;
  }

  private static void checkWellFormed(String string, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = string.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!isPair(string, i)) {
          throw lone(i);
        }
        i++;
      }
    }
  }

  private static boolean isPair(String string, int i) {
    return Character.isHighSurrogate(string.charAt(i))
        && i + 1 < string.length()
        && Character.isLowSurrogate(string.charAt(i + 1));
  }

  private static UncanonicalException lone(int i) {
    return new UncanonicalException("a text has a lone surrogate at character " + i);
  }
}
