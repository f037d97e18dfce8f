package dev.reprise.spring.boot;

import dev.reprise.model.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Returns who may share the answers of the current request. A bean of this type replaces {@code
 * reprise.scope} and {@code reprise.tenant.*}.
 *
 * <pre>{@code
 * @Bean
 * ScopeResolver scopeResolver() {
 *   return () -> Scope.of(SecurityContextHolder.getContext().getAuthentication().getName());
 * }
 * }</pre>
 */
@FunctionalInterface
public interface ScopeResolver {
  /**
   * Returns the scope of the current request, or null where it is unknown: the request then
   * bypasses the cache. An exception counts as null, and is logged once.
   *
   * <p>It is called on the thread that calls the model, and may block: where that thread is an
   * event loop of Reactor, a streaming model is asked, and this method called, on another thread,
   * with the thread-locals that Micrometer's context propagation knows.
   */
  @Nullable Scope resolve();
}
