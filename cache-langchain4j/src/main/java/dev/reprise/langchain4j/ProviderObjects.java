package dev.reprise.langchain4j;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/*
 * A provider's metadata and token usage have one form: a public static builder() whose setters have the names of the accessors. A
 * payload may be forged, so only classes of LangChain4j that are of the expected type are made from one.
 */
/** Writes objects of a provider's own classes down, and makes them again. */
final class ProviderObjects {
  private static final String PACKAGE = "dev.langchain4j.";
  private static final String CLASS = "class";
  private static final String FIELDS = "fields";
  private static final int DEPTH = 4;
  private static final ObjectMapper JSON = new ObjectMapper();

  private ProviderObjects() {}

  /** Returns the form of {@code object}; empty where its class has no builder. */
  static Optional<ObjectNode> write(Object object) {
    return Optional.ofNullable(tree(object, 0));
  }

  private static @Nullable ObjectNode tree(Object object, int depth) {
    Class<?> type = object.getClass();
    if (depth > DEPTH || !type.getName().startsWith(PACKAGE) || builder(type).isEmpty()) {
      return null;
    }
    ObjectNode tree = JSON.createObjectNode();
    tree.put(CLASS, type.getName());
    ObjectNode fields = tree.putObject(FIELDS);
    Accessors accessors = Accessors.of(type);
    for (String name : accessors.names()) {
      Object value = accessors.read(object, name);
      if (value instanceof String || value instanceof Number || value instanceof Boolean) {
        fields.set(name, JSON.valueToTree(value));
      } else if (value instanceof Enum<?> constant) {
        fields.put(name, constant.name());
      } else if (value != null) {
        ObjectNode nested = tree(value, depth + 1);
        if (nested != null) {
          fields.set(name, nested);
        }
      }
    }
    return tree;
  }

  private static Optional<Method> builder(Class<?> type) {
    try {
      Method builder = type.getMethod("builder");
      return builder.getDeclaringClass() == type && Modifier.isStatic(builder.getModifiers())
          ? Optional.of(builder)
          : Optional.empty();
    } catch (NoSuchMethodException e) {
      return Optional.empty();
    }
  }

  /**
   * Makes the object that {@code tree} is the form of.
   *
   * @param expected what it must be
   * @param replaced values in place of those of the tree, by their names
   * @return empty where it cannot be made here
   */
  static <T> Optional<T> read(
      @Nullable JsonNode tree,
      Class<T> expected,
      Map<String, ? extends @Nullable Object> replaced) {
    if (tree == null || !tree.isObject()) {
      return Optional.empty();
    }
    try {
      return Optional.of(expected.cast(made(tree, expected, replaced)));
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      // Another version of the provider's module, or none.
      return Optional.empty();
    }
  }

  private static Object made(
      JsonNode tree, Class<?> expected, Map<String, ? extends @Nullable Object> replaced)
      throws ReflectiveOperationException {
    String name = tree.path(CLASS).asText();
    if (!name.startsWith(PACKAGE)) {
      throw new ClassNotFoundException("not a class of LangChain4j");
    }
    Class<?> type = Class.forName(name, false, ProviderObjects.class.getClassLoader());
    if (!expected.isAssignableFrom(type)) {
      throw new ClassNotFoundException("not a " + expected.getName());
    }
    Object builder =
        builder(type).orElseThrow(() -> new NoSuchMethodException("builder")).invoke(null);
    for (Map.Entry<String, JsonNode> field : tree.path(FIELDS).properties()) {
      if (!replaced.containsKey(field.getKey())) {
        set(builder, field.getKey(), field.getValue());
      }
    }
    for (Map.Entry<String, ? extends @Nullable Object> field : replaced.entrySet()) {
      if (field.getValue() != null) {
        setter(builder, field.getKey(), field.getValue().getClass())
            .invoke(builder, field.getValue());
      }
    }
    return builder.getClass().getMethod("build").invoke(builder);
  }

  private static void set(Object builder, String name, JsonNode value)
      throws ReflectiveOperationException {
    for (Method method : builder.getClass().getMethods()) {
      if (method.getName().equals(name)
          && method.getParameterCount() == 1
          && !method.isSynthetic()) {
        Class<?> wanted = method.getParameterTypes()[0];
        Object given =
            value.isObject() && value.has(CLASS)
                ? made(value, wanted, Map.of())
                : JSON.convertValue(value, wanted);
        method.invoke(builder, given);
        return;
      }
    }
  }

  private static Method setter(Object builder, String name, Class<?> type)
      throws NoSuchMethodException, InvocationTargetException {
    for (Method method : builder.getClass().getMethods()) {
      if (method.getName().equals(name)
          && method.getParameterCount() == 1
          && method.getParameterTypes()[0].isAssignableFrom(type)) {
        return method;
      }
    }
    throw new NoSuchMethodException(name);
  }
}
