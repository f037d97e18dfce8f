package dev.reprise.cli.io;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Set;

/** Reads one JSON object a line, and says where and how a line is wrong. */
public final class JsonLines {
  public static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonLines() {}

  /**
   * Returns the object in {@code line}, whatever its members.
   *
   * @param where the file and the line's number, for messages
   */
  public static ObjectNode read(String line, String where) {
    JsonNode node;
    try {
      node = MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw new InputException(where + ": not valid JSON: " + e.getOriginalMessage(), e);
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new InputException(where + ": expected one JSON object a line");
  }

  /**
   * Returns the object in {@code line}.
   *
   * @param where the file and the line's number, for messages
   * @param fields the members that are known; any other is an error, so that a misspelt name is not
   *     ignored
   */
  public static ObjectNode read(String line, String where, Set<String> fields) {
    ObjectNode object = read(line, where);
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!fields.contains(name)) {
        throw new InputException(
            where + ": unknown field \"" + name + "\"; known are " + String.join(", ", fields));
      }
    }
    return object;
  }

  /** Returns the text of a member that must be there and not blank. */
  public static String text(JsonNode object, String name, String where) {
    JsonNode value = object.get(name);
    if (value == null || !value.isTextual() || value.textValue().isBlank()) {
      throw new InputException(where + ": \"" + name + "\" must be a text that is not blank");
    }
    return value.textValue();
  }
}
