package dev.reprise.springai;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;

/**
 * Makes objects of any class whose every field is set. Two makers of different seeds make objects
 * that differ in every field.
 */
final class Samples {
  /** How deep classes without public values are filled. */
  private static final int DEPTH = 3;

  private final int seed;

  Samples(int seed) {
    this.seed = seed;
  }

  /** Returns an object of {@code type} without calling a constructor of it. */
  static Object allocate(Class<?> type) throws ReflectiveOperationException {
    // By name, since javac warns of every use of it.
    Class<?> factory = Class.forName("sun.reflect.ReflectionFactory");
    Constructor<?> constructor =
        (Constructor<?>)
            factory
                .getMethod("newConstructorForSerialization", Class.class, Constructor.class)
                .invoke(
                    factory.getMethod("getReflectionFactory").invoke(null),
                    type,
                    Object.class.getDeclaredConstructor());
    return constructor.newInstance();
  }

  /** Returns an object of {@code type} with every field set. */
  Object instance(Class<?> type, int depth) throws ReflectiveOperationException {
    if (type.isRecord()) {
      return record(type, depth);
    }
    Object object = allocate(type);
    for (@Nullable Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
      for (Field field : at.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          field.setAccessible(true);
          field.set(object, value(field.getGenericType(), field.getType(), depth + 1));
        }
      }
    }
    return object;
  }

  private Object record(Class<?> type, int depth) throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    @Nullable Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = value(components[i].getGenericType(), types[i], depth + 1);
    }
    Constructor<?> constructor = type.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor.newInstance(values);
  }

  /** Returns a value of {@code type} that differs from that of another seed. */
  @Nullable Object value(Type generic, Class<?> type, int depth)
      throws ReflectiveOperationException {
    if (type == String.class || type == Object.class || type == CharSequence.class) {
      return "text " + seed;
    }
    if (type == boolean.class || type == Boolean.class) {
      return seed % 2 == 0;
    }
    if (type == int.class || type == Integer.class) {
      return seed;
    }
    if (type == long.class || type == Long.class) {
      return (long) seed;
    }
    if (type == double.class || type == Double.class || type == Number.class) {
      return seed / 8.0;
    }
    if (type == float.class || type == Float.class) {
      return seed / 8.0f;
    }
    if (type == Duration.class) {
      return Duration.ofSeconds(seed);
    }
    if (type.isEnum()) {
      Object[] constants = type.getEnumConstants();
      return constants[seed % constants.length];
    }
    if (type == ToolCallback.class) {
      return tool("tool" + seed);
    }
    if (type.isArray()) {
      Object array = Array.newInstance(type.getComponentType(), 1);
      Array.set(array, 0, value(type.getComponentType(), type.getComponentType(), depth + 1));
      return array;
    }
    if (type == Optional.class) {
      return Optional.ofNullable(argument(generic, 0, depth));
    }
    if (Map.class.isAssignableFrom(type)) {
      Map<Object, @Nullable Object> map = new LinkedHashMap<>();
      map.put("name", argument(generic, 1, depth));
      return map;
    }
    if (Set.class.isAssignableFrom(type)) {
      return new LinkedHashSet<>(elements(generic, depth));
    }
    if (Collection.class.isAssignableFrom(type) || type == Iterable.class) {
      return elements(generic, depth);
    }
    if (type.getSimpleName().equals("JsonField")) {
      // What the SDKs of OpenAI and Anthropic keep every value in.
      return type.getMethod("of", Object.class).invoke(null, "text " + seed);
    }
    if (depth > DEPTH) {
      return null;
    }
    if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
      Class<?> implementation = implementation(type);
      return implementation == null ? null : instance(implementation, depth);
    }
    return type.getName().startsWith("java.") ? null : instance(type, depth);
  }

  /** Returns a class that implements {@code type}, as far as it is declared beside it. */
  private static @Nullable Class<?> implementation(Class<?> type) {
    List<Class<?>> near = new ArrayList<>();
    if (type.isSealed()) {
      near.addAll(List.of(type.getPermittedSubclasses()));
    }
    near.addAll(List.of(type.getDeclaredClasses()));
    if (type.getDeclaringClass() != null) {
      near.addAll(List.of(type.getDeclaringClass().getDeclaredClasses()));
    }
    for (Class<?> each : near) {
      if (type.isAssignableFrom(each)
          && !each.isInterface()
          && !Modifier.isAbstract(each.getModifiers())
          && (each.isRecord() || each.getDeclaredFields().length > 0)) {
        return each;
      }
    }
    return null;
  }

  private List<@Nullable Object> elements(Type generic, int depth)
      throws ReflectiveOperationException {
    List<@Nullable Object> elements = new ArrayList<>();
    elements.add(argument(generic, 0, depth));
    return elements;
  }

  private @Nullable Object argument(Type generic, int index, int depth)
      throws ReflectiveOperationException {
    Type argument =
        generic instanceof ParameterizedType parameterized
            ? parameterized.getActualTypeArguments()[index]
            : String.class;
    return value(argument, raw(argument), depth + 1);
  }

  private static Class<?> raw(Type type) {
    if (type instanceof Class<?> raw) {
      return raw;
    }
    if (type instanceof ParameterizedType parameterized) {
      return raw(parameterized.getRawType());
    }
    if (type instanceof WildcardType wildcard) {
      return raw(wildcard.getUpperBounds()[0]);
    }
    return type instanceof TypeVariable<?> variable ? raw(variable.getBounds()[0]) : Object.class;
  }

  static ToolCallback tool(String name) {
    return tool(name, "does " + name, "{\"type\":\"object\"}");
  }

  static ToolCallback tool(String name, String description, String schema) {
    ToolDefinition definition =
        ToolDefinition.builder().name(name).description(description).inputSchema(schema).build();
    return new ToolCallback() {
      @Override
      public ToolDefinition getToolDefinition() {
        return definition;
      }

      @Override
      public String call(String input) {
        return "result of " + name;
      }
    };
  }
}
