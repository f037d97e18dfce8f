package dev.reprise.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * Google's schemas are OpenAPI's: types in upper case, nullable beside the type, numbers that may be written as texts.
 */
/** Translates the schemas of Gemini's API into JSON schemas. Pure. */
final class GoogleSchema {
  private static final int DEEPEST = 100;

  /** Members whose values are schemas by name. */
  private static final Set<String> NAMED = Set.of("properties", "$defs", "defs");

  /** Members that are counts, which JSON may write as texts: they are 64 bits wide. */
  private static final Set<String> COUNTS =
      Set.of(
          "minItems",
          "maxItems",
          "minProperties",
          "maxProperties",
          "minLength",
          "maxLength",
          "min_items",
          "max_items",
          "min_properties",
          "max_properties",
          "min_length",
          "max_length");

  /** Members that say nothing of what is valid, and that a validator would warn of. */
  private static final Set<String> NOTES =
      Set.of("nullable", "propertyOrdering", "property_ordering", "example", "format");

  private GoogleSchema() {}

  /** Returns {@code schema} as a JSON schema; null where it is none, or is too deep. */
  static @Nullable Object translated(@Nullable Object schema) {
    return schema instanceof Map<?, ?> map ? schema(map, 0) : null;
  }

  private static @Nullable Object value(@Nullable Object value, int depth) {
    if (value instanceof Map<?, ?> map) {
      return schema(map, depth);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> all = new ArrayList<>();
      list.forEach(element -> all.add(value(element, depth + 1)));
      return all;
    }
    return value;
  }

  private static @Nullable Object schema(Map<?, ?> given, int depth) {
    if (depth > DEEPEST) {
      return true;
    }
    Map<String, @Nullable Object> schema = new LinkedHashMap<>();
    given.forEach(
        (key, value) -> {
          String name = String.valueOf(key);
          if (name.equals("type") && value instanceof String type) {
            if (!type.equals("TYPE_UNSPECIFIED")) {
              schema.put(name, type.toLowerCase(Locale.ROOT));
            }
          } else if (NAMED.contains(name) && value instanceof Map<?, ?> schemas) {
            Map<String, @Nullable Object> translated = new LinkedHashMap<>();
            schemas.forEach((of, its) -> translated.put(String.valueOf(of), value(its, depth + 1)));
            schema.put(name, translated);
          } else if (name.equals("items") || name.equals("additionalProperties")) {
            schema.put(name, value(value, depth + 1));
          } else if (name.equals("anyOf") || name.equals("any_of")) {
            schema.put("anyOf", value(value, depth + 1));
          } else if (!NOTES.contains(name) && (!COUNTS.contains(name) || value instanceof Number)) {
            schema.put(name, value);
          }
        });
    return Boolean.TRUE.equals(given.get("nullable"))
        ? Map.of("anyOf", List.of(schema, Map.of("type", "null")))
        : schema;
  }
}
