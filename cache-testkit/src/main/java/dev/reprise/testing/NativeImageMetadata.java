package dev.reprise.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an artifact tells GraalVM's native-image: the files {@code reflect-config.json}, {@code
 * jni-config.json} and {@code resource-config.json} in {@code META-INF/native-image}.
 */
public final class NativeImageMetadata {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CAFFEINE = "com.github.benmanes.caffeine.cache.";
  private static final Map<String, String> PRIMITIVES =
      Map.of("int", "I", "long", "J", "boolean", "Z", "double", "D");

  private final ClassLoader loader;
  private final List<JsonNode> entries = new ArrayList<>();
  private final List<Pattern> resources = new ArrayList<>();

  private NativeImageMetadata(String artifact, ClassLoader loader) {
    this.loader = loader;
    String folder = "META-INF/native-image/dev.reprise/" + artifact + "/";
    read(folder + "reflect-config.json").forEach(entries::add);
    read(folder + "jni-config.json").forEach(entries::add);
    read(folder + "resource-config.json")
        .path("resources")
        .path("includes")
        .forEach(include -> resources.add(Pattern.compile(include.path("pattern").asText())));
  }

  /** Reads the files of one of Reprise's artifacts from the class path; absent ones are empty. */
  public static NativeImageMetadata of(String artifact) {
    return new NativeImageMetadata(artifact, NativeImageMetadata.class.getClassLoader());
  }

  private JsonNode read(String path) {
    try (InputStream in = loader.getResourceAsStream(path)) {
      return in == null ? JSON.missingNode() : JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }

  /** Returns the names of all classes. */
  public Set<String> classes() {
    Set<String> names = new TreeSet<>();
    entries.forEach(entry -> names.add(entry.path("name").asText()));
    return names;
  }

  /** Returns the patterns of resources. */
  public List<Pattern> resources() {
    return List.copyOf(resources);
  }

  /** Returns whether the image has the resource {@code path}. */
  public boolean includes(String path) {
    return resources.stream().anyMatch(pattern -> pattern.matcher(path).matches());
  }

  /** Returns the classes, methods and fields that are named and are not on the class path. */
  public List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (JsonNode entry : entries) {
      String name = entry.path("name").asText();
      try {
        Class<?> type = load(name);
        for (JsonNode method : entry.path("methods")) {
          check(type, method);
        }
        for (JsonNode field : entry.path("fields")) {
          Field unused = type.getDeclaredField(field.path("name").asText());
        }
      } catch (ReflectiveOperationException e) {
        missing.add(name + ": " + e);
      }
    }
    return missing;
  }

  private void check(Class<?> type, JsonNode method) throws ReflectiveOperationException {
    List<Class<?>> parameters = new ArrayList<>();
    for (JsonNode parameter : method.path("parameterTypes")) {
      parameters.add(load(parameter.asText()));
    }
    Class<?>[] types = parameters.toArray(new Class<?>[0]);
    String name = method.path("name").asText();
    if (name.equals("<init>")) {
      Constructor<?> unused = type.getDeclaredConstructor(types);
    } else {
      Method unused = type.getDeclaredMethod(name, types);
    }
  }

  private Class<?> load(String name) throws ClassNotFoundException {
    String primitive = PRIMITIVES.get(name);
    if (primitive != null) {
      return Class.forName("[" + primitive, false, loader).getComponentType();
    }
    return name.endsWith("[]")
        ? Array.newInstance(load(name.substring(0, name.length() - 2)), 0).getClass()
        : Class.forName(name, false, loader);
  }

  /**
   * Returns the classes that Caffeine has loaded by their names for the caches in {@code root}, and
   * in Reprise's objects behind it.
   */
  public static Set<String> caffeineClasses(Object root) {
    Set<String> found = new TreeSet<>();
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> open = new ArrayDeque<>(List.of(root));
    while (!open.isEmpty()) {
      Object object = open.removeLast();
      if (!seen.add(object)) {
        continue;
      }
      if (object instanceof Collection<?> collection) {
        collection.forEach(element -> add(open, element));
      }
      String name = object.getClass().getName();
      boolean isCaffeine = name.startsWith(CAFFEINE);
      if (isCaffeine
          && name.substring(CAFFEINE.length()).chars().allMatch(Character::isUpperCase)) {
        found.add(name);
      }
      if (isRead(name)) {
        for (Field field : fields(object.getClass())) {
          if (!isCaffeine || Set.of("cache", "nodeFactory").contains(field.getName())) {
            add(open, value(field, object));
          }
        }
      }
    }
    return found;
  }

  private static boolean isRead(String className) {
    return className.startsWith("dev.reprise.") || className.startsWith(CAFFEINE);
  }

  private static void add(Deque<Object> open, @Nullable Object object) {
    if (object != null) {
      open.add(object);
    }
  }

  private static List<Field> fields(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (@Nullable Class<?> at = type;
        at != null && isRead(at.getName());
        at = at.getSuperclass()) {
      for (Field field : at.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
          fields.add(field);
        }
      }
    }
    return fields;
  }

  private static @Nullable Object value(Field field, Object object) {
    try {
      field.setAccessible(true);
      return field.get(object);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(field + " cannot be read", e);
    }
  }
}
