package dev.reprise.gateway.observe;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheListener;
import dev.reprise.engine.CacheMetrics;
import dev.reprise.gateway.http.Exchange;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** What Prometheus reads at {@code /metrics}: the cache's meters, and a few of the process. */
public final class GatewayMeters {
  public static final String PATH = "/metrics";

  private static final String NAME = "gateway";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final CacheMetrics cache = CacheMetrics.named(NAME);

  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Counter passed;
  private @Nullable RiskMeters risk;

  public GatewayMeters() {
    registry.config().meterFilter(new Buckets());
    cache.bindTo(registry);
    passed =
        Counter.builder("reprise.passed")
            .description("Requests that were passed through without being looked up")
            .tag("cache", NAME)
            .register(registry);
    collections.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /** Counts a request that is passed through. */
  public void passed() {
    passed.increment();
  }

  /** Returns who has to be told what happens in the cache. */
  public CacheListener listener() {
    return cache;
  }

  /** Shows {@code meters}, too. */
  public void add(MeterBinder meters) {
    meters.bindTo(registry);
  }

  /** Shows what {@code engine} knows of its own mistakes. */
  public void watch(CacheEngine engine) {
    risk = RiskMeters.of(engine, registry, NAME);
  }

  /** Answers with the meters, in Prometheus' text format. */
  public void handle(Exchange exchange) {
    RiskMeters known = risk;
    if (known != null) {
      known.refresh();
    }
    exchange.text(
        200,
        Map.of("Content-Type", "text/plain; version=0.0.4; charset=utf-8"),
        registry.scrape("text/plain; version=0.0.4").getBytes(StandardCharsets.UTF_8));
  }

  /** Ends the registry. */
  public void close() {
    registry.close();
    collections.close();
  }

  /** Gives the timers of requests buckets, from which quantiles are computed. */
  private static final class Buckets implements MeterFilter {
    private static final double[] NANOSECONDS =
        DoubleStream.of(
                0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)
            .map(seconds -> seconds * 1e9)
            .toArray();
    private static final Set<String> TIMERS = Set.of("reprise.requests", "reprise.overhead");

    @Override
    public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
      return TIMERS.contains(id.getName())
          ? DistributionStatisticConfig.builder()
              .serviceLevelObjectives(NANOSECONDS)
              .build()
              .merge(config)
          : config;
    }
  }
}
