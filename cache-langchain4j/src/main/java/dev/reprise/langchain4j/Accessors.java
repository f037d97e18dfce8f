package dev.reprise.langchain4j;

import dev.reprise.integration.internal.UnmappableException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The public accessors of one class: its methods without arguments that return a value. Read by
 * reflection, once for each class.
 */
final class Accessors {
  private static final Set<String> NO_FIELDS =
      Set.of("hashCode", "toString", "clone", "getClass", "toBuilder", "toJson", "builder");

  private static final ClassValue<Accessors> CACHE =
      new ClassValue<>() {
        @Override
        protected Accessors computeValue(Class<?> type) {
          return new Accessors(type);
        }
      };

  private final Class<?> type;
  private final Map<String, Method> methods = new HashMap<>();

  private Accessors(Class<?> type) {
    this.type = type;
    List<Method> all = new ArrayList<>(List.of(type.getMethods()));
    all.sort(Comparator.comparing(Method::getName));
    for (Method method : all) {
      if (method.getParameterCount() == 0
          && !Modifier.isStatic(method.getModifiers())
          && !method.isSynthetic()
          && method.getReturnType() != void.class
          && method.getDeclaringClass() != Object.class
          && !NO_FIELDS.contains(method.getName())) {
        methods.put(method.getName(), method);
      }
    }
  }

  /**
   * Returns the accessors of {@code type}.
   *
   * @throws LinkageError if a class that a method names is missing
   */
  static Accessors of(Class<?> type) {
    return CACHE.get(type);
  }

  /** Returns the names, in order. */
  Set<String> names() {
    return new TreeSet<>(methods.keySet());
  }

  /**
   * Checks that the class has the accessors {@code names}. In a native image a class shows only
   * what is registered for reflection.
   *
   * @throws UnmappableException if one is missing
   */
  void requireAll(Set<String> names) {
    if (!methods.keySet().containsAll(names)) {
      throw hidden();
    }
  }

  /**
   * Checks that the class has accessors.
   *
   * @throws UnmappableException if it has none
   */
  void requireSome() {
    if (methods.isEmpty()) {
      throw hidden();
    }
  }

  private UnmappableException hidden() {
    return new UnmappableException(
        "the accessors of class "
            + type.getName()
            + " cannot be seen; in a native image, register its public methods and its declared"
            + " fields for reflection");
  }

  /**
   * Returns the value of one accessor of {@code object}.
   *
   * @throws UnmappableException if it cannot be read
   */
  @Nullable Object read(Object object, String name) {
    Method method = methods.get(name);
    if (method == null) {
      throw new UnmappableException(object.getClass().getName() + " has no accessor " + name);
    }
    try {
      return readable(method, object.getClass()).invoke(object);
    } catch (ReflectiveOperationException e) {
      Throwable cause =
          e instanceof InvocationTargetException target ? target.getTargetException() : e;
      throw new UnmappableException(
          name
              + " of class "
              + object.getClass().getName()
              + " cannot be read: "
              + cause.getClass().getName());
    }
  }

  /** A public method of a class that is not public can be called through its interface. */
  private static Method readable(Method method, Class<?> type) throws NoSuchMethodException {
    if (Modifier.isPublic(method.getDeclaringClass().getModifiers())) {
      return method;
    }
    for (Class<?> face : type.getInterfaces()) {
      if (Modifier.isPublic(face.getModifiers())) {
        for (Method declared : face.getMethods()) {
          if (declared.getName().equals(method.getName()) && declared.getParameterCount() == 0) {
            return declared;
          }
        }
      }
    }
    throw new NoSuchMethodException(method.getName());
  }

  /**
   * Returns the fields of {@code type}, and of its superclasses below {@code top}, that no accessor
   * shows: two objects that differ in one of them look the same.
   */
  static Set<String> hiddenFields(Class<?> type, Class<?> top) {
    Set<String> shown = of(type).methods.keySet();
    Set<String> hidden = new TreeSet<>();
    for (@Nullable Class<?> at = type;
        at != null && at != Object.class && at != top;
        at = at.getSuperclass()) {
      for (Field field : at.getDeclaredFields()) {
        String name = field.getName();
        String capital = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
        if (!Modifier.isStatic(field.getModifiers())
            && !shown.contains(name)
            && !shown.contains("get" + capital)
            && !shown.contains("is" + capital)) {
          hidden.add(name);
        }
      }
    }
    return hidden;
  }
}
