package dev.reprise.springai;

import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.model.ContentHash;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.net.URI;
import java.net.URL;
import java.nio.charset.Charset;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.util.MimeType;

/*
 * A provider's class is open to change: it gets fields that nobody here has heard of. Reading all of its fields puts new ones into the
 * key by themselves. A value of a class that is not known here is not cached.
 */
/** Maps objects of Spring AI's and of the providers' classes into trees of JSON values, whole. */
final class ObjectTree {
  /** How deep a value may be nested. */
  private static final int DEPTH = 24;

  /** Packages of plain data classes: all of their state is in their fields. */
  private static final List<String> KNOWN_PACKAGES =
      List.of(
          "org.springframework.ai.",
          "com.openai.",
          "com.anthropic.",
          "com.azure.ai.openai.",
          "com.azure.core.util.ExpandableStringEnum",
          "com.google.genai.",
          "com.google.cloud.vertexai.",
          "com.oracle.bmc.generativeaiinference.",
          "software.amazon.awssdk.services.bedrockruntime.",
          "software.amazon.awssdk.core.document.");

  /**
   * Fields of nested objects that are not in a key. The function measures texts, and decides only
   * whether Anthropic keeps a prompt for its next request. It is always there, and always a lambda.
   */
  private static final Set<String> NOT_IN_KEY =
      Set.of(
          "org.springframework.ai.anthropic.AnthropicCacheOptions.contentLengthFunction",
          "org.springframework.ai.anthropic.api.AnthropicCacheOptions.contentLengthFunction");

  private final ObjectMappings mappings;

  ObjectTree(ObjectMappings mappings) {
    this.mappings = mappings;
  }

  /**
   * Returns the fields of {@code object} by their wire names, unset ones left out.
   *
   * @param excluded names of fields that are left out
   * @throws UnmappableException if something of it cannot be mapped
   */
  Map<String, @Nullable Object> fields(Object object, Set<String> excluded) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    Class<?> type = object.getClass();
    for (Field field : Fields.of(type)) {
      if (!excluded.contains(field.getName())) {
        Object value = value(Fields.read(field, object), type, field.getName(), 0);
        if (value != null) {
          String name = wireName(field.getName());
          tree.put(
              tree.containsKey(name) ? field.getDeclaringClass().getName() + "." + name : name,
              value);
        }
      }
    }
    return tree;
  }

  /** Returns the tree of one value. */
  @Nullable Object value(@Nullable Object value, Class<?> owner, String name) {
    return value(value, owner, name, 0);
  }

  private @Nullable Object value(@Nullable Object value, Class<?> owner, String name, int depth) {
    if (value == null
        || value instanceof String
        || value instanceof Boolean
        || (value instanceof Number && value.getClass().getName().startsWith("java."))) {
      return value instanceof Number number ? Numbers.json(number) : value;
    }
    if (depth > DEPTH) {
      throw new UnmappableException(name + " of " + owner.getName() + " is nested too deep");
    }
    Optional<Map<String, @Nullable Object>> mapped = mappings.map(value).map(of -> of.values());
    if (mapped.isPresent()) {
      return mapped.get();
    }
    if (value instanceof Enum<?> constant) {
      return Enums.wireName(constant);
    }
    if (isText(value)) {
      return value.toString();
    }
    if (value instanceof Class<?> type) {
      return type.getName();
    }
    if (value instanceof Optional<?> optional) {
      return value(optional.orElse(null), owner, name, depth + 1);
    }
    if (value instanceof byte[] bytes) {
      return Map.of("sha256", ContentHash.of(bytes).hex());
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> copy = new LinkedHashMap<>();
      map.forEach((key, of) -> copy.put(key(key, name), value(of, owner, name, depth + 1)));
      return copy;
    }
    if (value instanceof Collection<?> || value.getClass().isArray()) {
      return list(value, owner, name, depth);
    }
    return object(value, owner, name, depth);
  }

  private static boolean isText(Object value) {
    return value instanceof Character
        || value instanceof TemporalAccessor
        || value instanceof TemporalAmount
        || value instanceof URI
        || value instanceof URL
        || value instanceof UUID
        || value instanceof Locale
        || value instanceof Charset
        || value instanceof MimeType;
  }

  private static String key(@Nullable Object key, String name) {
    if (key instanceof String text) {
      return text;
    }
    if (key instanceof Enum<?> constant) {
      return constant.name();
    }
    throw new UnmappableException(name + " has a member whose name is not a string");
  }

  private List<@Nullable Object> list(Object value, Class<?> owner, String name, int depth) {
    List<@Nullable Object> elements = new ArrayList<>();
    if (value instanceof Collection<?> collection) {
      for (Object element : collection) {
        elements.add(value(element, owner, name, depth + 1));
      }
    } else {
      for (int i = 0; i < Array.getLength(value); i++) {
        elements.add(value(Array.get(value, i), owner, name, depth + 1));
      }
    }
    if (value instanceof Set<?>) {
      // A set has no order of its own.
      elements.sort(Comparator.comparing(String::valueOf));
    }
    return elements;
  }

  private Object object(Object value, Class<?> owner, String name, int depth) {
    if (value instanceof ToolCallback tool) {
      return Tools.tree(tool);
    }
    Class<?> type = value.getClass();
    if (isJson(type)) {
      return Map.of("json", value.toString());
    }
    if (!isPlain(type)) {
      throw new UnmappableException(
          name
              + " of "
              + owner.getName()
              + " is of class "
              + type.getName()
              + ", which is not known to the cache; register it with"
              + " objectMappings(ObjectMappings.defaults().with("
              + type.getSimpleName()
              + ".class, ...))");
    }
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("class", type.getName());
    for (Field field : Fields.of(type)) {
      if (NOT_IN_KEY.contains(field.getDeclaringClass().getName() + "." + field.getName())) {
        continue;
      }
      Object of = value(Fields.read(field, value), type, field.getName(), depth + 1);
      if (of != null) {
        tree.put(
            field.getDeclaringClass() == type
                ? field.getName()
                : field.getDeclaringClass().getName() + "." + field.getName(),
            of);
      }
    }
    return tree;
  }

  private static boolean isJson(Class<?> type) {
    for (@Nullable Class<?> at = type; at != null; at = at.getSuperclass()) {
      if (at.getName().equals("com.fasterxml.jackson.databind.JsonNode")
          || at.getName().equals("tools.jackson.databind.JsonNode")) {
        return true;
      }
    }
    return false;
  }

  private static boolean isPlain(Class<?> type) {
    return !type.isHidden()
        && !type.isSynthetic()
        && (type.isRecord() || KNOWN_PACKAGES.stream().anyMatch(type.getName()::startsWith));
  }

  /** Returns the name in lower case with underscores, as providers write it. */
  static String wireName(String field) {
    StringBuilder wire = new StringBuilder();
    for (int i = 0; i < field.length(); i++) {
      char letter = field.charAt(i);
      if (Character.isUpperCase(letter)) {
        if (i > 0 && !Character.isUpperCase(field.charAt(i - 1))) {
          wire.append('_');
        }
        wire.append(String.valueOf(letter).toLowerCase(Locale.ROOT));
      } else {
        wire.append(letter);
      }
    }
    return wire.toString();
  }
}
