package dev.reprise.springai;

import dev.reprise.integration.internal.UnmappableException;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of one class and of its superclasses: all of an object's state. */
final class Fields {
  /** What the Kotlin SDKs of OpenAI and Anthropic compute from the other fields. */
  private static final Set<String> COMPUTED = Set.of("hashCode$delegate", "hashCode", "validated");

  /** A class shows only those fields that are registered for reflection. */
  private static final boolean IN_NATIVE_IMAGE =
      System.getProperty("org.graalvm.nativeimage.imagecode") != null;

  private static final ClassValue<List<Field>> CACHE =
      new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
          return read(type, IN_NATIVE_IMAGE);
        }
      };

  private Fields() {}

  /**
   * Returns the fields, those of superclasses first, by name.
   *
   * @throws UnmappableException if one cannot be read
   */
  static List<Field> of(Class<?> type) {
    return CACHE.get(type);
  }

  static List<Field> read(Class<?> type, boolean inNativeImage) {
    List<Field> all = new ArrayList<>();
    for (@Nullable Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
      List<Field> own = new ArrayList<>();
      boolean isSdk =
          at.getName().startsWith("com.openai.") || at.getName().startsWith("com.anthropic.");
      for (Field field : at.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())
            && !field.isSynthetic()
            && !(isSdk && COMPUTED.contains(field.getName()))) {
          try {
            field.setAccessible(true);
          } catch (InaccessibleObjectException | SecurityException e) {
            throw new UnmappableException(
                "field " + field.getName() + " of class " + at.getName() + " cannot be read");
          }
          own.add(field);
        }
      }
      if (own.isEmpty() && at == type && inNativeImage) {
        throw new UnmappableException(
            "the fields of class "
                + type.getName()
                + " cannot be seen; in a native image, register its declared fields, and those of"
                + " its superclasses, for reflection");
      }
      own.sort(Comparator.comparing(Field::getName));
      all.addAll(0, own);
    }
    return List.copyOf(all);
  }

  /** Returns the value of {@code field} of {@code object}. */
  static @Nullable Object read(Field field, Object object) {
    try {
      return field.get(object);
    } catch (IllegalAccessException e) {
      throw new UnmappableException(
          "field " + field.getName() + " of " + object.getClass().getName() + " cannot be read");
    }
  }
}
