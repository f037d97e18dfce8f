package dev.reprise.spring.boot;

import dev.reprise.engine.CacheEngine;
import dev.reprise.learn.Learning;
import dev.reprise.match.Matcher;
import dev.reprise.policy.CachePolicy;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.SemanticTier;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/** Warns of settings that have no effect, since something else is used in their place. */
final class UnusedSettings {
  private static final Logger LOG = LoggerFactory.getLogger(UnusedSettings.class);

  private static final String MEMORY = "reprise.memory";
  private static final String HNSW = "reprise.hnsw";
  private static final String REDIS = "reprise.redis";
  private static final String MILVUS = "reprise.milvus";
  private static final String MATCHER = "reprise.matcher";
  private static final String LEARNING = "reprise.learning";
  private static final String POLICY = "reprise.policy";
  private static final Set<String> OWN_BEANS =
      Set.of(RepriseAutoConfiguration.ENGINE, "repriseCachePolicy", "repriseScopeResolver");
  private static final Set<String> SWITCHES = Set.of("reprise.redis.enabled");

  private final Environment environment;
  private final ListableBeanFactory beans;

  /** The groups that have no effect, each with its reason. */
  private final Map<String, String> unused = new LinkedHashMap<>();

  private UnusedSettings(Environment environment, ListableBeanFactory beans) {
    this.environment = environment;
    this.beans = beans;
  }

  /** Warns where the engine is made as {@code plan} says. */
  static void warn(
      TierPlan plan,
      TierPlan.Surroundings has,
      RepriseProperties properties,
      Environment environment,
      ListableBeanFactory beans) {
    UnusedSettings settings = new UnusedSettings(environment, beans);
    settings.replaced(ExactTier.class, MEMORY, REDIS);
    settings.replaced(SemanticTier.class, HNSW, MILVUS);
    settings.replaced(CachePolicy.class, POLICY);
    settings.replaced(Matcher.class, MATCHER);
    settings.replaced(Learning.class, LEARNING);
    settings.replaced(ScopeResolver.class, "reprise.tenant");
    if (plan.redis() == null) {
      settings.because("Redis is not used; reprise.redis.url names one", REDIS);
    }
    if (plan.milvus() == null) {
      settings.because("Milvus is not used; reprise.milvus.uri names one", MILVUS);
    }
    if (!plan.memory()) {
      settings.because("reprise.tiers has no memory", MEMORY);
    }
    if (!plan.hnsw()) {
      settings.because("vectors are not stored in this process", HNSW);
    }
    if (!plan.isSemantic() && beans.getBeanNamesForType(SemanticTier.class).length == 0) {
      settings.because("reprise.tiers names neither hnsw nor milvus", MATCHER, LEARNING);
    }
    settings.log();
    warnOfServers(plan, has, properties);
  }

  /** Warns where the application has an engine of its own. */
  static void warnOfOwnEngine(Environment environment, ListableBeanFactory beans) {
    UnusedSettings settings = new UnusedSettings(environment, beans);
    settings.replaced(
        CacheEngine.class,
        "reprise.tiers",
        "reprise.data-directory",
        MEMORY,
        HNSW,
        REDIS,
        MILVUS,
        POLICY,
        MATCHER,
        LEARNING,
        "reprise.engine");
    if (!"off".equalsIgnoreCase(environment.getProperty("reprise.mode"))) {
      settings.replaced(CacheEngine.class, "reprise.mode");
    }
    settings.log();
  }

  /** Spring knows the address of a server for other purposes, too; so this is no error. */
  private static void warnOfServers(
      TierPlan plan, TierPlan.Surroundings has, RepriseProperties properties) {
    if (properties.dataDirectory() != null
        && has.redisTier()
        && has.springRedis().isPresent()
        && !Boolean.FALSE.equals(properties.redis().enabled())) {
      LOG.warn(
          "The Redis of spring.data.redis is not used for answers: reprise.data-directory is in its"
              + " place. Remove dev.reprise:reprise-redis, or set reprise.redis.enabled=false.");
    }
    if (properties.tiers() != null && plan.milvus() == null && has.milvusDetails().isPresent()) {
      LOG.warn(
          "The bean of MilvusConnectionDetails has no effect: reprise.tiers does not name milvus.");
    }
  }

  private void replaced(Class<?> type, String... groups) {
    String own =
        Arrays.stream(beans.getBeanNamesForType(type, true, false))
            .filter(name -> !OWN_BEANS.contains(name))
            .collect(Collectors.joining(", "));
    if (!own.isEmpty()) {
      because("the bean " + own + " of " + type.getSimpleName() + " is used in its place", groups);
    }
  }

  private void because(String reason, String... groups) {
    for (String group : groups) {
      unused.putIfAbsent(group, reason);
    }
  }

  private void log() {
    unused.forEach(
        (group, reason) -> {
          Set<String> keys = keys(ConfigurationPropertyName.of(group));
          if (!keys.isEmpty()) {
            LOG.warn("{} has no effect: {}.", String.join(", ", keys), reason);
          }
        });
  }

  private Set<String> keys(ConfigurationPropertyName group) {
    Set<String> keys = new TreeSet<>();
    for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
      if (source instanceof IterableConfigurationPropertySource iterable) {
        iterable.stream()
            .filter(name -> group.equals(name) || group.isAncestorOf(name))
            .map(ConfigurationPropertyName::toString)
            .filter(name -> !SWITCHES.contains(name))
            .forEach(keys::add);
      }
    }
    return keys;
  }
}
