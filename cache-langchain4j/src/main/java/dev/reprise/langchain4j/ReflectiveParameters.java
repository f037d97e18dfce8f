package dev.reprise.langchain4j;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.model.JsonObject;
import java.lang.reflect.Array;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/*
 * A provider's class is open to change: it gets fields that nobody here has heard of. Reading what its accessors show puts new
 * ones into the key by themselves. What has no accessor, or a value of a class whose fields are not all shown, is not cached.
 */
/**
 * Maps every class of parameters by its public accessors, whatever the provider. Names are written
 * as on the wire: {@code maxCompletionTokens} becomes "max_completion_tokens".
 */
final class ReflectiveParameters {
  private static final String CUSTOM = "custom_parameters";

  /** How deep a value of LangChain4j's own classes may be nested. */
  private static final int DEPTH = 16;

  private ReflectiveParameters() {}

  /**
   * Returns what {@code parameters} has beyond the fields that are mapped for every class.
   *
   * @throws UnmappableException if something of it cannot be mapped
   * @throws LinkageError if a class is missing
   */
  static JsonObject extras(ChatRequestParameters parameters) {
    Class<?> type = parameters.getClass();
    requireAllShown(type, DefaultChatRequestParameters.class);
    Accessors accessors = Accessors.of(type);
    accessors.requireAll(MappedAccessors.PARAMETERS);
    Map<String, @Nullable Object> extras = new LinkedHashMap<>();
    for (String name : accessors.names()) {
      if (!MappedAccessors.PARAMETERS.contains(name)) {
        Object value = value(accessors.read(parameters, name), type, name, 0);
        // LangChain4j's builders make an empty map of an absent one.
        if (value != null && !(value instanceof Map<?, ?> map && map.isEmpty())) {
          extras.put(wireName(name), value);
        }
      }
    }
    // They are sent beside the fields, so a temperature among them is the temperature.
    if (extras.remove(CUSTOM) instanceof Map<?, ?> custom) {
      custom.forEach(
          (name, value) -> {
            if (extras.containsKey(String.valueOf(name))) {
              throw new UnmappableException(
                  "custom parameter '" + name + "' is set as a field of its own, too");
            }
            extras.put(String.valueOf(name), value);
          });
    }
    return new JsonObject(extras);
  }

  private static void requireAllShown(Class<?> type, Class<?> top) {
    if (type.isRecord()) {
      return;
    }
    Set<String> hidden = Accessors.hiddenFields(type, top);
    if (!hidden.isEmpty()) {
      throw new UnmappableException(
          "class " + type.getName() + " has no public accessor for its fields " + hidden);
    }
  }

  private static @Nullable Object value(
      @Nullable Object value, Class<?> owner, String name, int depth) {
    if (value == null
        || value instanceof String
        || value instanceof Boolean
        || value instanceof Number) {
      return value;
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    if (value instanceof Character
        || value instanceof Duration
        || value instanceof Instant
        || value instanceof URI
        || value instanceof UUID) {
      return value.toString();
    }
    if (depth > DEPTH) {
      throw new UnmappableException(name + " of " + owner.getName() + " is nested too deep");
    }
    if (value instanceof Optional<?> optional) {
      return value(optional.orElse(null), owner, name, depth + 1);
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

  private static String key(@Nullable Object key, String name) {
    if (key instanceof String text) {
      return text;
    }
    if (key instanceof Enum<?> constant) {
      return constant.name();
    }
    throw new UnmappableException(name + " has a member whose name is not a string");
  }

  private static List<@Nullable Object> list(Object value, Class<?> owner, String name, int depth) {
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
    if (value instanceof Set<?> && elements.stream().allMatch(String.class::isInstance)) {
      // A set has no order of its own.
      elements.sort((a, b) -> String.valueOf(a).compareTo(String.valueOf(b)));
    }
    return elements;
  }

  private static Map<String, @Nullable Object> object(
      Object value, Class<?> owner, String name, int depth) {
    if (value instanceof JsonSchema schema) {
      return SchemaMapper.schema(schema);
    }
    if (value instanceof JsonSchemaElement element) {
      return SchemaMapper.element(element);
    }
    if (value instanceof ResponseFormat format) {
      return ChatRequestMapper.responseFormat(format);
    }
    if (value instanceof ToolSpecification tool) {
      return Map.of(
          "name", tool.name(), "definition", ChatRequestMapper.tool(tool).definition().values());
    }
    Class<?> type = value.getClass();
    boolean isOpen =
        type.isRecord() || (type.getName().startsWith("dev.langchain4j.") && !type.isSynthetic());
    if (!isOpen) {
      throw new UnmappableException(
          name
              + " of "
              + owner.getName()
              + " is of class "
              + type.getName()
              + ", which is not known to the cache");
    }
    requireAllShown(type, Object.class);
    Accessors accessors = Accessors.of(type);
    accessors.requireSome();
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("class", type.getName());
    for (String accessor : accessors.names()) {
      tree.put(
          wireName(accessor), value(accessors.read(value, accessor), type, accessor, depth + 1));
    }
    return tree;
  }

  /** Returns the name in lower case with underscores, as providers write it. */
  static String wireName(String accessor) {
    StringBuilder wire = new StringBuilder();
    for (int i = 0; i < accessor.length(); i++) {
      char letter = accessor.charAt(i);
      if (Character.isUpperCase(letter)) {
        wire.append('_').append(String.valueOf(letter).toLowerCase(Locale.ROOT));
      } else {
        wire.append(letter);
      }
    }
    return wire.toString();
  }
}
