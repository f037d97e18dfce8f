package dev.reprise.engine;

/**
 * Is told what happens. Called on the thread on which it happens: it must be quick and safe for use
 * by several threads. What it throws is logged and otherwise ignored.
 */
@FunctionalInterface
public interface CacheListener {
  /** Is told of {@code event}. */
  void onEvent(CacheEvent event);
}
