package dev.reprise.quarkus.runtime;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheStats;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;

/** What the page in the Dev UI asks for. */
@Singleton
public class RepriseJsonRpc {
  private final CacheEngine engine;
  private final RecentDecisions decisions;

  @Inject
  RepriseJsonRpc(CacheEngine engine, RecentDecisions decisions) {
    this.engine = engine;
    this.decisions = decisions;
  }

  /**
   * What the cache has counted since the start.
   *
   * @param hitRate hits per request, from 0 to 1
   */
  public record Figures(
      long requests,
      long exactHits,
      long semanticHits,
      long misses,
      long bypassed,
      double hitRate) {}

  /** Returns the figures. */
  public Figures figures() {
    CacheStats stats = engine.stats();
    long hits = stats.exactHits() + stats.semanticHits() + stats.curatedHits();
    return new Figures(
        stats.requests(),
        stats.exactHits(),
        stats.semanticHits(),
        stats.computed(),
        stats.bypassed(),
        stats.requests() == 0 ? 0 : (double) hits / stats.requests());
  }

  /** Returns the latest requests, newest first. */
  public List<RecentDecisions.Decision> decisions() {
    return decisions.newestFirst();
  }
}
