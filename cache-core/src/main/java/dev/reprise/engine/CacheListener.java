package dev.reprise.engine;

/**
 * Receives the engine's events, on the thread that causes them. Must be fast and safe for use by
 * several threads. Its exceptions are logged and ignored.
 */
@FunctionalInterface
public interface CacheListener {
  /** Receives {@code event}. */
  void onEvent(CacheEvent event);
}
