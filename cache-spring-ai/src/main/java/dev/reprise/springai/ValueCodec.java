package dev.reprise.springai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.model.CacheException;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * A payload may be forged, so only records and enums of Spring AI and values of two SDKs are made from one.
 */
/** Writes values of metadata down so that they are read again in the same classes. */
final class ValueCodec {
  /** The SDKs' packages are here for the values that Spring AI 2.0 puts into metadata. */
  private static final List<String> PACKAGES =
      List.of("org.springframework.ai.", "com.openai.models.", "com.anthropic.models.");

  private static final String KIND = "@";
  private static final String VALUE = "v";
  private static final String CLASS = "c";
  private static final int DEPTH = 24;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectMapper JSON = new ObjectMapper();

  private ValueCodec() {}

  /** A value has no faithful form. */
  static final class UnwritableException extends CacheException {
    private static final long serialVersionUID = 1L;

    UnwritableException(String message) {
      super(message);
    }
  }

  // --- writing ----------------------------------------------------------------------------------

  /**
   * Returns the form of {@code value}.
   *
   * @throws UnwritableException if it has none
   */
  static JsonNode write(@Nullable Object value) {
    return write(value, 0);
  }

  private static JsonNode write(@Nullable Object value, int depth) {
    if (value == null) {
      return NODES.nullNode();
    }
    if (depth > DEPTH) {
      throw new UnwritableException("a value of its metadata is nested too deep");
    }
    if (value instanceof String text) {
      return NODES.textNode(text);
    }
    if (value instanceof Boolean flag) {
      return NODES.booleanNode(flag);
    }
    if (value instanceof Integer number) {
      return NODES.numberNode(number);
    }
    if (value instanceof Number number) {
      return number(number);
    }
    if (value instanceof Enum<?> constant && isOurs(constant.getDeclaringClass())) {
      return tagged("enum", NODES.textNode(constant.name()))
          .put(CLASS, constant.getDeclaringClass().getName());
    }
    if (value instanceof byte[] bytes) {
      return tagged("bytes", NODES.textNode(Base64.getEncoder().encodeToString(bytes)));
    }
    if (value instanceof Map<?, ?> map) {
      return map(map, depth);
    }
    if (value instanceof List<?> list) {
      return array(list, depth);
    }
    if (value instanceof Set<?> set) {
      return tagged("set", array(set, depth));
    }
    if (value instanceof Record && isOurs(value.getClass())) {
      return record(value, depth);
    }
    if (SdkValues.has(value.getClass().getName())) {
      return tagged("sdk", NODES.textNode(SdkValues.write(value)))
          .put(CLASS, value.getClass().getName());
    }
    throw new UnwritableException(
        "its metadata have a value of class " + value.getClass().getName());
  }

  private static JsonNode number(Number number) {
    if (number instanceof Long
        || number instanceof Double
        || number instanceof Float
        || number instanceof Short
        || number instanceof BigInteger
        || number instanceof BigDecimal) {
      return tagged(number.getClass().getSimpleName(), NODES.textNode(number.toString()));
    }
    throw new UnwritableException(
        "its metadata have a number of class " + number.getClass().getName());
  }

  private static ObjectNode tagged(String kind, JsonNode value) {
    ObjectNode tagged = NODES.objectNode();
    tagged.put(KIND, kind);
    tagged.set(VALUE, value);
    return tagged;
  }

  private static ArrayNode array(Collection<?> values, int depth) {
    ArrayNode array = NODES.arrayNode();
    for (Object value : values) {
      array.add(write(value, depth + 1));
    }
    return array;
  }

  private static JsonNode map(Map<?, ?> map, int depth) {
    ObjectNode object = NODES.objectNode();
    for (Map.Entry<?, ?> member : map.entrySet()) {
      if (!(member.getKey() instanceof String name)) {
        throw new UnwritableException("its metadata have a map whose names are not strings");
      }
      object.set(name, write(member.getValue(), depth + 1));
    }
    return object.has(KIND) ? tagged("map", object) : object;
  }

  private static JsonNode record(Object value, int depth) {
    ObjectNode components = NODES.objectNode();
    try {
      for (RecordComponent component : value.getClass().getRecordComponents()) {
        component.getAccessor().setAccessible(true);
        components.set(
            component.getName(), write(component.getAccessor().invoke(value), depth + 1));
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      if (e instanceof UnwritableException unwritable) {
        throw unwritable;
      }
      throw new UnwritableException(value.getClass().getName() + " cannot be read");
    }
    return tagged("record", components).put(CLASS, value.getClass().getName());
  }

  private static boolean isOurs(Class<?> type) {
    return isOurs(type.getName());
  }

  private static boolean isOurs(String name) {
    return PACKAGES.stream().anyMatch(name::startsWith);
  }

  // --- reading ----------------------------------------------------------------------------------

  /**
   * Returns the value that {@code node} is the form of.
   *
   * @throws CacheException if it is none
   */
  static @Nullable Object read(JsonNode node) {
    if (node.isNull()) {
      return null;
    }
    if (node.isTextual()) {
      return node.asText();
    }
    if (node.isBoolean()) {
      return node.asBoolean();
    }
    if (node.isInt()) {
      return node.asInt();
    }
    if (node.isArray()) {
      return list(node);
    }
    if (!node.isObject()) {
      throw unreadable("a value of another form");
    }
    return node.has(KIND) ? readTagged(node) : readMap(node);
  }

  private static List<@Nullable Object> list(JsonNode node) {
    List<@Nullable Object> list = new ArrayList<>();
    node.forEach(element -> list.add(read(element)));
    return list;
  }

  static Map<String, @Nullable Object> readMap(JsonNode node) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      map.put(member.getKey(), read(member.getValue()));
    }
    return map;
  }

  private static Object readTagged(JsonNode node) {
    JsonNode value = node.path(VALUE);
    String text = value.asText();
    try {
      return switch (node.path(KIND).asText()) {
        case "Long" -> Long.valueOf(text);
        case "Double" -> Double.valueOf(text);
        case "Float" -> Float.valueOf(text);
        case "Short" -> Short.valueOf(text);
        case "BigInteger" -> new BigInteger(text);
        case "BigDecimal" -> new BigDecimal(text);
        case "bytes" -> Base64.getDecoder().decode(text);
        case "map" -> readMap(value);
        case "set" -> new LinkedHashSet<>(list(value));
        case "enum" -> readEnum(node.path(CLASS).asText(), text);
        case "sdk" -> readSdk(node.path(CLASS).asText(), text);
        case "record" -> readRecord(node.path(CLASS).asText(), value);
        default -> throw unreadable("a value of an unknown kind");
      };
    } catch (IllegalArgumentException e) {
      throw unreadable("a value that is not of its kind");
    }
  }

  static Class<?> type(String name) {
    if (!isOurs(name)) {
      throw unreadable("a class that is not Spring AI's");
    }
    try {
      return Class.forName(name, false, ValueCodec.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      throw unreadable("a class that is not there: " + name);
    }
  }

  private static Object readEnum(String name, String constant) {
    Object[] constants = type(name).getEnumConstants();
    if (constants != null) {
      for (Object each : constants) {
        if (((Enum<?>) each).name().equals(constant)) {
          return each;
        }
      }
    }
    throw unreadable("an enum constant that is not there");
  }

  private static Object readSdk(String name, String json) {
    if (!SdkValues.has(name)) {
      throw unreadable("a class that is not an SDK's");
    }
    return SdkValues.read(type(name), json);
  }

  private static Object readRecord(String name, JsonNode values) {
    Class<?> type = type(name);
    if (!type.isRecord()) {
      throw unreadable("a class that is no record");
    }
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    @Nullable Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      JsonNode value = values.get(components[i].getName());
      arguments[i] = value == null ? null : read(value);
    }
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw unreadable("a record that cannot be made: " + name);
    }
  }

  static CacheException unreadable(String why) {
    return new CacheException("a payload of format " + ChatResponseCodec.FORMAT + " has " + why);
  }

  static ObjectMapper json() {
    return JSON;
  }
}
