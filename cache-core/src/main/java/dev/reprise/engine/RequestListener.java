package dev.reprise.engine;

import dev.reprise.model.CacheRequest;
import org.jspecify.annotations.Nullable;

/**
 * Receives each request with its outcome, the user's text included. Use it to show an administrator
 * what the cache does. Do not log the text or keep it longer than needed. It is called on the
 * thread on which the request ends, so it must be quick and safe for use by several threads. An
 * exception is logged and otherwise ignored.
 */
@FunctionalInterface
public interface RequestListener {
  /**
   * Receives the end of a request.
   *
   * @param request null where its integration could not map it
   * @param end the outcome, or the failure
   */
  void onEnd(@Nullable CacheRequest request, CacheEvent.Terminal end);
}
