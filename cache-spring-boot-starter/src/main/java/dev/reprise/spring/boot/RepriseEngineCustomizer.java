package dev.reprise.spring.boot;

import dev.reprise.engine.CacheEngine;

/**
 * Changes the engine's builder after the properties have been applied, and before the engine is
 * built. All beans of this type are called, in their order.
 */
@FunctionalInterface
public interface RepriseEngineCustomizer {
  /** Changes {@code builder}. An exception fails the start of the application. */
  void customize(CacheEngine.Builder builder);
}
