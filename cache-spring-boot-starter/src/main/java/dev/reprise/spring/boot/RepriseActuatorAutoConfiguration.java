package dev.reprise.spring.boot;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheMetrics;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.function.SingletonSupplier;

/** Meters, health and the Actuator endpoint, where the application has what they need. */
@AutoConfiguration(after = RepriseAutoConfiguration.class)
@ConditionalOnBean({CacheEngine.class, CachedModels.class})
public class RepriseActuatorAutoConfiguration {
  RepriseActuatorAutoConfiguration() {}

  /** The engine's meters. The engine finds them, since they listen to it. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "io.micrometer.core.instrument.MeterRegistry")
  static class MetricsConfiguration {
    @Bean
    @ConditionalOnMissingBean
    CacheMetrics repriseCacheMetrics() {
      return CacheMetrics.named("reprise");
    }
  }

  /** Observations, where the application has a registry of them. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "io.micrometer.observation.ObservationRegistry")
  static class ObservationConfiguration {
    @Bean
    CallObservations repriseCallObservations(ObjectProvider<ObservationRegistry> registry) {
      return new CallObservations(
          SingletonSupplier.of(() -> registry.getIfUnique(() -> ObservationRegistry.NOOP)));
    }
  }

  /** The endpoint {@code reprise}. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(
      name = {
        "org.springframework.boot.actuate.endpoint.annotation.Endpoint",
        "org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint"
      })
  static class EndpointConfiguration {
    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnAvailableEndpoint
    RepriseEndpoint repriseEndpoint(
        CacheEngine engine, CachedModels models, CurrentScope scope, TierStates tiers) {
      return new RepriseEndpoint(engine, models, scope, tiers);
    }
  }

  /** Health, as Boot 3 has it. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(
      name = {
        "org.springframework.boot.actuate.health.HealthIndicator",
        "org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator"
      })
  static class Boot3HealthConfiguration {
    @Bean
    @ConditionalOnMissingBean(name = "repriseHealthIndicator")
    @org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator(
        "reprise")
    org.springframework.boot.actuate.health.HealthIndicator repriseHealthIndicator(
        CacheEngine engine, CachedModels models, TierStates tiers) {
      HealthDetails health = new HealthDetails(engine, models, tiers);
      return () ->
          (health.isWhole()
                  ? org.springframework.boot.actuate.health.Health.up()
                  : org.springframework.boot.actuate.health.Health.unknown())
              .withDetails(health.details())
              .build();
    }
  }

  /** Health, as Boot 4 has it. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(
      name = {
        "org.springframework.boot.health.contributor.HealthIndicator",
        "org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator"
      })
  static class Boot4HealthConfiguration {
    @Bean
    @ConditionalOnMissingBean(name = "repriseHealthIndicator")
    @org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator(
        "reprise")
    org.springframework.boot.health.contributor.HealthIndicator repriseHealthIndicator(
        CacheEngine engine, CachedModels models, TierStates tiers) {
      HealthDetails health = new HealthDetails(engine, models, tiers);
      return () ->
          (health.isWhole()
                  ? org.springframework.boot.health.contributor.Health.up()
                  : org.springframework.boot.health.contributor.Health.unknown())
              .withDetails(health.details())
              .build();
    }
  }
}
