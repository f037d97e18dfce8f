package dev.reprise.springai;

import dev.reprise.model.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How the objects in chat options are mapped into a key. By default every {@code ChatOptions} class
 * is mapped by all of its fields, whatever the provider. A field whose value is of a class that is
 * not known bypasses the cache, with the reason. Immutable.
 */
public final class ObjectMappings {
  private static final ObjectMappings DEFAULTS = new ObjectMappings(Map.of());

  private final Map<Class<?>, ObjectMapping<Object>> mappings;

  private ObjectMappings(Map<Class<?>, ObjectMapping<Object>> mappings) {
    this.mappings = Map.copyOf(mappings);
  }

  /** Returns the mappings that read fields. */
  public static ObjectMappings defaults() {
    return DEFAULTS;
  }

  /**
   * Returns a copy that maps {@code type} in another way.
   *
   * @param type a class of chat options, or of a value in them; compared exactly
   */
  public <T> ObjectMappings with(Class<T> type, ObjectMapping<? super T> mapping) {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(mapping, "mapping");
    Map<Class<?>, ObjectMapping<Object>> more = new HashMap<>(mappings);
    more.put(type, object -> mapping.map(type.cast(object)));
    return new ObjectMappings(more);
  }

  /** Returns what a configured mapping says of {@code object}; empty where there is none. */
  Optional<JsonObject> map(Object object) {
    return Optional.ofNullable(mappings.get(object.getClass())).map(mapping -> mapping.map(object));
  }
}
