package dev.reprise.engine;

import dev.reprise.model.CacheRequest;
import org.jspecify.annotations.Nullable;

/**
 * Is told how each request ended, and what it was: all that its user said. It is for those who show
 * an administrator what the cache does; who listens must neither log nor keep it for longer than
 * that takes. Called on the thread on which the request ends: it must be quick and safe for use by
 * several threads. What it throws is logged and otherwise ignored.
 */
@FunctionalInterface
public interface RequestListener {
  /**
   * Is told of a request's end.
   *
   * @param request null where its integration could not map it
   * @param end how it ended
   */
  void onEnd(@Nullable CacheRequest request, CacheEvent.Terminal end);
}
