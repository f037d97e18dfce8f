package dev.reprise.spring.boot;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheStats;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the health indicators of both Boots tell. */
final class HealthDetails {
  private final CacheEngine engine;
  private final CachedModels models;
  private final TierStates tiers;

  HealthDetails(CacheEngine engine, CachedModels models, TierStates tiers) {
    this.engine = engine;
    this.models = models;
    this.tiers = tiers;
  }

  /** Returns whether every tier is asked. */
  boolean isWhole() {
    return tiers.away().isEmpty();
  }

  Map<String, Object> details() {
    CacheStats stats = engine.stats();
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("models", models.names());
    details.put("requests", stats.requests());
    details.put("hitRate", stats.hitRate());
    if (!isWhole()) {
      details.put("tiersAway", tiers.away());
    }
    return details;
  }
}
