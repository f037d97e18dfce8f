package dev.reprise.quarkus.runtime;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** Warns of settings that have no effect, since something else is used in their place. */
final class UnusedSettings {
  private static final Logger LOG = Logger.getLogger("dev.reprise.quarkus");

  private static final String PREFIX = "quarkus.reprise.";
  private static final String REDIS = PREFIX + "redis.";
  private static final String MILVUS = PREFIX + "milvus.";
  private static final List<String> OF_POLICY =
      List.of(PREFIX + "maximum-temperature", PREFIX + "when-temperature-is-unset");

  /** A default value has a lower ordinal. */
  private static final int LOWEST_SOURCE = 0;

  private final Config config;
  private final Consumer<String> warnings;

  UnusedSettings(Config config) {
    this(config, LOG::warn);
  }

  /**
   * @param warnings takes each warning
   */
  UnusedSettings(Config config, Consumer<String> warnings) {
    this.config = config;
    this.warnings = warnings;
  }

  /**
   * Warns where the extension makes the engine.
   *
   * @param clientRedis the Redis of the application's Redis client, if it has one
   * @param hasRedisTier whether reprise-redis is on the class path
   * @param hasOwnPolicy whether the application has a policy bean
   */
  void warn(
      RepriseConfig of, Optional<String> clientRedis, boolean hasRedisTier, boolean hasOwnPolicy) {
    boolean isOnDirectory = of.dataDirectory().isPresent();
    if (of.redis().url().isEmpty() && (isOnDirectory || clientRedis.isEmpty())) {
      report(REDIS, "no Redis is used; " + REDIS + "url names one");
    }
    if (of.milvus().uri().isEmpty()) {
      report(MILVUS, "no Milvus is used; " + MILVUS + "uri names one");
    }
    if (hasOwnPolicy) {
      OF_POLICY.forEach(key -> report(key, "the application's CachePolicy bean is in its place"));
    }
    if (isOnDirectory && clientRedis.isPresent() && hasRedisTier) {
      warnings.accept(
          "The Redis of quarkus.redis.hosts is not used for answers: "
              + PREFIX
              + "data-directory is in its place. Remove dev.reprise:reprise-redis if you do not need it.");
    }
  }

  /** Warns where the application has an engine of its own. */
  void warnOfOwnEngine() {
    String why = "the application's CacheEngine bean is in its place";
    for (String key : List.of("data-directory", "matcher.", "redis.", "milvus.")) {
      report(PREFIX + key, why);
    }
    OF_POLICY.forEach(key -> report(key, why));
  }

  /** Warns of names that no model has; {@code names} are those of the application's beans. */
  void warnOfNames(RepriseConfig of, Set<String> names) {
    warnOfNames("include", of.models().include().orElse(Set.of()), names);
    warnOfNames("exclude", of.models().exclude().orElse(Set.of()), names);
  }

  private void warnOfNames(String key, Set<String> named, Set<String> names) {
    Set<String> unknown = new TreeSet<>(named);
    unknown.removeAll(names);
    if (!unknown.isEmpty()) {
      warnings.accept(
          PREFIX
              + "models."
              + key
              + " names "
              + String.join(", ", unknown)
              + ", but no model bean is called so. There are: "
              + String.join(", ", new TreeSet<>(names))
              + ".");
    }
  }

  private void report(String prefix, String why) {
    Set<String> keys = new TreeSet<>();
    for (String key : config.getPropertyNames()) {
      if (key.startsWith(prefix)
          && config.getConfigValue(key).getSourceOrdinal() >= LOWEST_SOURCE
          && config.getConfigValue(key).getValue() != null) {
        keys.add(key);
      }
    }
    if (!keys.isEmpty()) {
      warnings.accept(String.join(", ", keys) + " has no effect: " + why + ".");
    }
  }
}
