package dev.reprise.springai;

import dev.reprise.model.JsonObject;

/**
 * Maps an object of one class, as it occurs in chat options, into a cache key.
 *
 * @param <T> the class
 */
@FunctionalInterface
public interface ObjectMapping<T> {
  /**
   * Returns everything about {@code object} that shapes an answer.
   *
   * @throws RuntimeException if it cannot be mapped: the request then bypasses the cache
   */
  JsonObject map(T object);
}
