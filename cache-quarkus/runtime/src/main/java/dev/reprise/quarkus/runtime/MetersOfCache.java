package dev.reprise.quarkus.runtime;

import dev.reprise.engine.CacheMetrics;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the meters, which Quarkus binds to its registry since they are a {@code MeterBinder}. */
@Singleton
public class MetersOfCache {
  @Produces
  @Singleton
  CacheMetrics meters() {
    return CacheMetrics.named("reprise");
  }
}
