package dev.reprise.quarkus.runtime;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheStats;
import dev.reprise.policy.Mode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Locale;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Shows the state of the cache. It is always up: an application whose cache is in trouble answers
 * all the same.
 */
@Readiness
@ApplicationScoped
public class HealthOfCache implements HealthCheck {
  private final RepriseConfig config;
  private final Instance<CacheEngine> engine;
  private final Circuits circuits;

  @Inject
  HealthOfCache(RepriseConfig config, Instance<CacheEngine> engine, Circuits circuits) {
    this.config = config;
    this.engine = engine;
    this.circuits = circuits;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named("Reprise cache")
            .up()
            .withData("mode", config.mode().name().toLowerCase(Locale.ROOT));
    if (config.mode() != Mode.OFF) {
      CacheStats stats = engine.get().stats();
      response
          .withData("requests", stats.requests())
          .withData("hits", stats.exactHits() + stats.semanticHits() + stats.curatedHits())
          .withData("open circuits", String.join(", ", circuits.open()));
    }
    return response.build();
  }
}
