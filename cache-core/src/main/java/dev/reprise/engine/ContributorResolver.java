package dev.reprise.engine;

import dev.reprise.model.CacheRequest;
import dev.reprise.model.Contributor;
import org.jspecify.annotations.Nullable;

/**
 * Returns who asks, among those who share the scope of a request. Called on the thread that passes
 * the request to the engine, for requests that do not name their contributor themselves. Safe for
 * use by several threads.
 */
@FunctionalInterface
public interface ContributorResolver {
  /**
   * Returns the contributor of {@code request}, or null if the {@linkplain
   * CacheEngine.Builder#promotionAfter promotion rule} does not apply to it. If this method throws,
   * the request bypasses the cache.
   */
  @Nullable Contributor resolve(CacheRequest request);
}
