package dev.reprise.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An immutable JSON object: what a provider or a user adds to a request that has no field of its
 * own here.
 *
 * <p>Values are {@code null} (JSON's null), {@link Boolean}, {@link String}, {@link Number}, {@link
 * List} and {@link Map} of these, nested at most {@value #MAXIMUM_DEPTH} deep; they are copied.
 * Integers become {@link Long} or {@link BigInteger}; {@link Float} becomes the {@link Double} of
 * the same decimal digits.
 *
 * @param values the members, in the order in which they were given. The order changes a key only
 *     within a JSON schema
 */
public record JsonObject(Map<String, @Nullable Object> values) {
  /** How deep a value may be nested: {@value}. */
  public static final int MAXIMUM_DEPTH = 64;

  private static final JsonObject EMPTY = new JsonObject(Map.of());

  /**
   * @throws IllegalArgumentException if a value is of another class, not a finite number, or nested
   *     too deep; the message names its path
   */
  public JsonObject {
    Objects.requireNonNull(values, "values");
    values = values instanceof Copied ? values : copyObject(values, null, 0);
  }

  /** Returns the object without members. */
  public static JsonObject empty() {
    return EMPTY;
  }

  /** Returns the object with one member. */
  public static JsonObject of(String name, @Nullable Object value) {
    return EMPTY.with(name, value);
  }

  /** Returns a copy in which {@code name} has {@code value}. */
  public JsonObject with(String name, @Nullable Object value) {
    Objects.requireNonNull(name, "name");
    Map<String, @Nullable Object> all =
        new LinkedHashMap<>(values instanceof Copied copied ? copied.members : values);
    all.put(name, copy(value, new Path(null, name), 1));
    return new JsonObject(new Copied(all));
  }

  /** Returns the value of {@code name}; empty if it is absent or JSON's null. */
  public Optional<Object> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** Returns whether there are no members. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** Members that were copied and checked, and that nothing changes any more. */
  private static final class Copied extends AbstractMap<String, @Nullable Object> {
    private final Map<String, @Nullable Object> members;

    Copied(Map<String, @Nullable Object> members) {
      this.members = members;
    }

    @Override
    public Set<Map.Entry<String, @Nullable Object>> entrySet() {
      return Collections.unmodifiableMap(members).entrySet();
    }

    @Override
    public Set<String> keySet() {
      return Collections.unmodifiableSet(members.keySet());
    }

    @Override
    public int size() {
      return members.size();
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
      return members.containsKey(name);
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
      return members.get(name);
    }
  }

  /** Where in the object a value is; put into words only where something is wrong with it. */
  private record Path(@Nullable Path parent, Object step) {
    private static final int LONGEST = 80;

    @Override
    public String toString() {
      Deque<String> steps = new ArrayDeque<>();
      for (Path path = this; path != null; path = path.parent) {
        steps.push(path.step instanceof Integer index ? "[" + index + "]" : "." + path.step);
      }
      String text = "$" + String.join("", steps);
      return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }
  }

  private static Map<String, @Nullable Object> copyObject(
      Map<?, ?> map, @Nullable Path path, int depth) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    for (Map.Entry<?, ?> member : map.entrySet()) {
      if (!(member.getKey() instanceof String name)) {
        throw new IllegalArgumentException(
            (path == null ? "$" : path) + " has a member whose name is not a string");
      }
      copy.put(name, copy(member.getValue(), new Path(path, name), depth + 1));
    }
    return path == null ? new Copied(copy) : Collections.unmodifiableMap(copy);
  }

  private static @Nullable Object copy(@Nullable Object value, Path path, int depth) {
    if (depth > MAXIMUM_DEPTH) {
      throw new IllegalArgumentException(
          path + " is nested deeper than " + MAXIMUM_DEPTH + " levels");
    }
    if (value == null
        || value instanceof String
        || value instanceof Boolean
        || value instanceof Long
        || value instanceof BigInteger
        || value instanceof BigDecimal) {
      return value;
    }
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      if (!Double.isFinite(number)) {
        throw new IllegalArgumentException(
            path + " is " + value + ", which JSON has no number for");
      }
      return value instanceof Float single ? shortest(single) : number;
    }
    if (value instanceof Map<?, ?> map) {
      return copyObject(map, path, depth);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>(list.size());
      for (Object element : list) {
        copy.add(copy(element, new Path(path, copy.size()), depth + 1));
      }
      return Collections.unmodifiableList(copy);
    }
    throw new IllegalArgumentException(
        path
            + " is a "
            + value.getClass().getName()
            + "; JSON has null, booleans, numbers, strings, lists and maps");
  }

  /*
   * Float.toString gives more digits than it needs before JDK 19 and not after it; a key must not depend on that.
   */
  /** Returns the double of the fewest decimal digits that read back as {@code number}. */
  private static double shortest(float number) {
    BigDecimal exact = new BigDecimal(number);
    for (int digits = 1; digits < 9; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits));
      if (rounded.floatValue() == number) {
        return rounded.doubleValue();
      }
    }
    return exact.round(new MathContext(9)).doubleValue();
  }
}
