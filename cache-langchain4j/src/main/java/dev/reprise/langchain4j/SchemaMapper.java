package dev.reprise.langchain4j;

import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNullSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import dev.reprise.integration.internal.UnmappableException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Maps LangChain4j's JSON schemas into trees of maps, whole: what providers leave out when they
 * send one is kept.
 */
final class SchemaMapper {
  private SchemaMapper() {}

  static Map<String, @Nullable Object> schema(JsonSchema schema) {
    if (schema.getClass() != JsonSchema.class) {
      throw UnmappableException.unknown("a JSON schema", schema);
    }
    MappedAccessors.requireAllMapped(schema);
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    put(tree, "name", schema.name());
    JsonSchemaElement root = schema.rootElement();
    put(tree, "schema", root == null ? null : element(root));
    return tree;
  }

  static Map<String, @Nullable Object> element(JsonSchemaElement element) {
    MappedAccessors.requireAllMapped(element);
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    put(tree, "description", element.description());
    Class<?> type = element.getClass();
    if (type == JsonObjectSchema.class) {
      JsonObjectSchema object = (JsonObjectSchema) element;
      tree.put("type", "object");
      put(tree, "properties", elements(object.properties()));
      put(tree, "required", object.required());
      put(tree, "additionalProperties", object.additionalProperties());
      put(tree, "$defs", elements(object.definitions()));
    } else if (type == JsonArraySchema.class) {
      JsonSchemaElement items = ((JsonArraySchema) element).items();
      tree.put("type", "array");
      put(tree, "items", items == null ? null : element(items));
    } else if (type == JsonEnumSchema.class) {
      tree.put("type", "string");
      put(tree, "enum", ((JsonEnumSchema) element).enumValues());
    } else if (type == JsonAnyOfSchema.class) {
      put(
          tree,
          "anyOf",
          ((JsonAnyOfSchema) element).anyOf().stream().map(SchemaMapper::element).toList());
    } else if (type == JsonReferenceSchema.class) {
      put(tree, "$ref", ((JsonReferenceSchema) element).reference());
    } else if (type == JsonRawSchema.class) {
      put(tree, "raw", ((JsonRawSchema) element).schema());
    } else if (type == JsonStringSchema.class) {
      tree.put("type", "string");
    } else if (type == JsonIntegerSchema.class) {
      tree.put("type", "integer");
    } else if (type == JsonNumberSchema.class) {
      tree.put("type", "number");
    } else if (type == JsonBooleanSchema.class) {
      tree.put("type", "boolean");
    } else if (type == JsonNullSchema.class) {
      tree.put("type", "null");
    } else {
      throw UnmappableException.unknown("a JSON schema", element);
    }
    return tree;
  }

  private static @Nullable Map<String, @Nullable Object> elements(
      @Nullable Map<String, JsonSchemaElement> elements) {
    if (elements == null || elements.isEmpty()) {
      return null;
    }
    Map<String, @Nullable Object> trees = new LinkedHashMap<>();
    elements.forEach((name, element) -> trees.put(name, element(element)));
    return trees;
  }

  private static void put(Map<String, @Nullable Object> tree, String name, @Nullable Object value) {
    if (value != null) {
      tree.put(name, value);
    }
  }
}
