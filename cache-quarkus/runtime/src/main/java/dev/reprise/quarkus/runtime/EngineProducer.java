package dev.reprise.quarkus.runtime;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheListener;
import dev.reprise.engine.Pricing;
import dev.reprise.engine.RequestListener;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.Mode;
import dev.reprise.quarkus.ScopeResolver;
import io.quarkus.arc.DefaultBean;
import io.quarkus.arc.InjectableInstance;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.Config;

/**
 * Makes the engine when the application starts, and closes it when the application ends. An
 * application that produces its own {@link CacheEngine} replaces it.
 */
@Singleton
public class EngineProducer {
  @Produces
  @Singleton
  @DefaultBean
  CacheEngine engine(
      RepriseConfig config,
      Config allConfig,
      Instance<CachePolicy> policy,
      Instance<Pricing> pricing,
      @Any Instance<CacheListener> listeners,
      @Any Instance<RequestListener> requestListeners) {
    Optional<String> clientRedis = ClientRedis.url(allConfig);
    EngineFactory factory =
        new EngineFactory(config, clientRedis, Thread.currentThread().getContextClassLoader());
    CacheEngine.Builder builder = factory.builder();
    new UnusedSettings(allConfig)
        .warn(config, clientRedis, factory.hasRedisTier(), policy.isResolvable());
    builder.remedies(new QuarkusRemedies()).mode(config.mode());
    if (policy.isResolvable()) {
      builder.policy(policy.get());
    }
    if (pricing.isResolvable()) {
      builder.pricing(pricing.get());
    }
    listeners.forEach(builder::listener);
    requestListeners.forEach(builder::requestListener);
    return builder.build();
  }

  void close(@Disposes CacheEngine engine) {
    engine.close();
  }

  void start(
      @Observes StartupEvent event,
      RepriseConfig config,
      Config allConfig,
      InjectableInstance<CacheEngine> engine,
      Instance<ScopeResolver> scopes,
      ModelNames models) {
    if (config.mode() == Mode.OFF) {
      return;
    }
    if (config.scope().isEmpty() && !scopes.isResolvable()) {
      throw new ConfigurationException(
          "quarkus.reprise.scope is not set. It decides who shares answers: set it to a name for"
              + " the application, or provide a bean of dev.reprise.quarkus.ScopeResolver if the"
              + " application has several tenants. quarkus.reprise.mode=off switches the cache off.",
          Set.of("quarkus.reprise.scope"));
    }
    UnusedSettings settings = new UnusedSettings(allConfig);
    if (!engine.getHandle().getBean().isDefaultBean()) {
      settings.warnOfOwnEngine();
    }
    settings.warnOfNames(config, models.names());
    // Loads the models now, not with the first question.
    CacheEngine unused = engine.get();
  }
}
