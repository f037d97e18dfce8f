package dev.reprise.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.model.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and writes JSON, and loses nothing: numbers keep their digits. */
final class Json {
  private static final JsonMapper LENIENT =
      JsonMapper.builder(
              JsonFactory.builder()
                  // Bodies are bounded before they are read; pictures are long strings.
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final JsonMapper STRICT =
      LENIENT
          .rebuild()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature())
          .build();

  private Json() {}

  /** Returns a new object. */
  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /**
   * Returns what {@code text} says; of two members with one name the last.
   *
   * @throws IOException if it is not JSON
   */
  static JsonNode read(byte[] text) throws IOException {
    return LENIENT.readTree(text);
  }

  /**
   * Returns what {@code text} says; of two members with one name the last.
   *
   * @throws JsonProcessingException if it is not JSON
   */
  static JsonNode read(String text) throws JsonProcessingException {
    return LENIENT.readTree(text);
  }

  /** Returns the object that {@code text} is; empty where it is none. */
  static Optional<ObjectNode> readObject(String text) {
    try {
      return read(text) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Returns whether no object in {@code text} has two members with one name. */
  static boolean hasUniqueNames(byte[] text) {
    try {
      return STRICT.readTree(text) != null;
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns {@code node} as UTF-8. */
  static byte[] bytes(JsonNode node) {
    try {
      return LENIENT.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can be written", e);
    }
  }

  /** Returns {@code node} as text. */
  static String text(JsonNode node) {
    try {
      return LENIENT.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can be written", e);
    }
  }

  /**
   * Returns {@code object} without the members {@code less}, for a key.
   *
   * @throws IllegalArgumentException if it is nested too deep for a key
   */
  static JsonObject values(JsonNode object, Set<String> less) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (!less.contains(member.getKey())) {
        values.put(member.getKey(), value(member.getValue(), 1));
      }
    }
    return new JsonObject(values);
  }

  private static @Nullable Object value(JsonNode node, int depth) {
    if (depth > JsonObject.MAXIMUM_DEPTH) {
      throw new IllegalArgumentException(
          "it is nested deeper than " + JsonObject.MAXIMUM_DEPTH + " levels");
    }
    if (node.isObject()) {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        values.put(member.getKey(), value(member.getValue(), depth + 1));
      }
      return values;
    }
    if (node.isArray()) {
      List<@Nullable Object> values = new ArrayList<>();
      for (JsonNode element : node) {
        values.add(value(element, depth + 1));
      }
      return values;
    }
    if (node.isNumber()) {
      return node.isIntegralNumber() ? node.bigIntegerValue() : node.decimalValue();
    }
    return node.isTextual() ? node.textValue() : node.isBoolean() ? node.booleanValue() : null;
  }
}
