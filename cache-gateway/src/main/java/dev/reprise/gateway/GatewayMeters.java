package dev.reprise.gateway;

import dev.reprise.engine.CacheListener;
import dev.reprise.engine.CacheMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What Prometheus reads at {@code /metrics}: the cache's meters, and a few of the process. */
final class GatewayMeters {
  static final String PATH = "/metrics";

  private static final String NAME = "gateway";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final CacheMetrics cache = CacheMetrics.named(NAME);

  GatewayMeters() {
    cache.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /** Returns who has to be told what happens in the cache. */
  CacheListener listener() {
    return cache;
  }

  /** Answers with the meters, in Prometheus' text format. */
  void handle(Exchange exchange) {
    exchange.text(
        200,
        Map.of("Content-Type", "text/plain; version=0.0.4; charset=utf-8"),
        registry.scrape("text/plain; version=0.0.4").getBytes(StandardCharsets.UTF_8));
  }

  /** Ends the registry. */
  void close() {
    registry.close();
  }
}
