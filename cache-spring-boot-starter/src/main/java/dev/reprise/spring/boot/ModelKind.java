package dev.reprise.spring.boot;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.LookupExplanation;
import java.lang.reflect.Method;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An interface of a framework whose beans are cached.
 *
 * @param <T> the interface
 */
interface ModelKind<T> {
  /** Returns the interface. */
  Class<T> type();

  /** Returns the names of its methods that call the model. All others go to the bean itself. */
  Set<String> calls();

  /** Returns whether beans of {@code type} cache already, so that they are left alone. */
  boolean isCachingClass(Class<?> type);

  /**
   * Returns the caching model.
   *
   * @param delegate the bean, behind a proxy
   * @param bean the bean
   * @param options how it is cached
   */
  T caching(T delegate, Object bean, CacheEngine engine, Options options);

  /** Returns whether {@code method} returns at once, and calls back one of its arguments. */
  default boolean isCalledBack(Method method) {
    return false;
  }

  /** Tells the caller of such a method that it failed. */
  default void fail(@Nullable Object[] arguments, Throwable failure) {}

  /** Returns whether {@link #explain} answers. */
  boolean isExplainable();

  /**
   * Says what a lookup of a question would see now.
   *
   * @param caching what {@link #caching} returned
   * @param system the system message, or null for none
   * @return null if this kind cannot say it
   */
  @Nullable LookupExplanation explain(Object caching, @Nullable String system, String question);

  /**
   * How a bean is cached.
   *
   * @param scope the scope of each request
   * @param name what tells this bean from others of its kind in keys, or null if it is the only one
   * @param useCase its use case, or null for the default
   */
  record Options(CurrentScope scope, @Nullable String name, @Nullable String useCase) {}
}
