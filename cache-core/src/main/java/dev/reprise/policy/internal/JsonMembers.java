package dev.reprise.policy.internal;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads members of a {@link dev.reprise.model.JsonObject}'s values. */
public final class JsonMembers {
  private JsonMembers() {}

  /** Returns a member of {@code object}; null if it has none, or is no object. */
  public static @Nullable Object member(@Nullable Object object, String name) {
    return object instanceof Map<?, ?> map ? map.get(name) : null;
  }

  /** Returns the first of two members that {@code object} has; null if it has neither. */
  public static @Nullable Object either(@Nullable Object object, String one, String other) {
    Object value = member(object, one);
    return value == null ? member(object, other) : value;
  }
}
