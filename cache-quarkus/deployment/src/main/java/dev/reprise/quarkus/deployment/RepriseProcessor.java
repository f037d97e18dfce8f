package dev.reprise.quarkus.deployment;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheListener;
import dev.reprise.engine.Pricing;
import dev.reprise.engine.RequestListener;
import dev.reprise.policy.CachePolicy;
import dev.reprise.quarkus.CachedModels;
import dev.reprise.quarkus.ScopeResolver;
import dev.reprise.quarkus.runtime.Circuits;
import dev.reprise.quarkus.runtime.EngineModels;
import dev.reprise.quarkus.runtime.EngineProducer;
import dev.reprise.quarkus.runtime.HealthOfCache;
import dev.reprise.quarkus.runtime.MetersOfCache;
import dev.reprise.quarkus.runtime.RepriseBuildConfig;
import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.arc.deployment.UnremovableBeanBuildItem;
import io.quarkus.deployment.Capabilities;
import io.quarkus.deployment.Capability;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.BuildSteps;
import io.quarkus.deployment.builditem.FeatureBuildItem;
import io.quarkus.deployment.metrics.MetricsCapabilityBuildItem;
import io.quarkus.runtime.metrics.MetricsFactory;
import io.quarkus.smallrye.health.deployment.spi.HealthBuildItem;
import java.util.Optional;

/** Adds the engine and what watches it. */
@BuildSteps(onlyIf = IsEnabled.class)
class RepriseProcessor {
  private static final String FEATURE = "reprise";

  @BuildStep
  FeatureBuildItem feature() {
    return new FeatureBuildItem(FEATURE);
  }

  @BuildStep
  AdditionalBeanBuildItem beans() {
    return AdditionalBeanBuildItem.builder()
        .addBeanClasses(EngineProducer.class, EngineModels.class, Circuits.class)
        .setUnremovable()
        .build();
  }

  /** Keeps the beans that the engine looks up; an application need not inject them. */
  @BuildStep
  UnremovableBeanBuildItem lookedUp() {
    return UnremovableBeanBuildItem.beanTypes(
        CacheEngine.class,
        CachedModels.class,
        ScopeResolver.class,
        CachePolicy.class,
        Pricing.class,
        CacheListener.class,
        RequestListener.class);
  }

  @BuildStep
  void health(
      RepriseBuildConfig config, Capabilities capabilities, BuildProducer<HealthBuildItem> checks) {
    if (capabilities.isPresent(Capability.SMALLRYE_HEALTH)) {
      checks.produce(new HealthBuildItem(HealthOfCache.class.getName(), config.healthEnabled()));
    }
  }

  @BuildStep
  void meters(
      RepriseBuildConfig config,
      Optional<MetricsCapabilityBuildItem> metrics,
      BuildProducer<AdditionalBeanBuildItem> beans) {
    boolean hasMicrometer =
        metrics.isPresent() && metrics.get().metricsSupported(MetricsFactory.MICROMETER);
    if (config.metricsEnabled() && hasMicrometer) {
      beans.produce(AdditionalBeanBuildItem.unremovableOf(MetersOfCache.class));
    }
  }
}
