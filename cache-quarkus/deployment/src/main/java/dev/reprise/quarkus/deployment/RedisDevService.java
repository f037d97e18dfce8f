package dev.reprise.quarkus.deployment;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Decides whether a Redis is started for an application in dev mode and in tests.
 *
 * @param enabled whether it may be
 * @param hasRedisTier whether the application has reprise-redis
 * @param hasRedisClient whether it has Quarkus' Redis client, whose own Dev Service the cache uses
 * @param configured returns the value of a key; empty where it has none
 * @param hasContainers whether containers can be started; asked last, since that takes a while
 */
record RedisDevService(
    boolean enabled,
    boolean hasRedisTier,
    boolean hasRedisClient,
    Function<String, Optional<String>> configured,
    BooleanSupplier hasContainers) {
  static final String URL = "quarkus.reprise.redis.url";
  static final String NO_CONTAINERS =
      "no container can be started here, so answers are kept in memory only; set "
          + URL
          + ", or quarkus.reprise.devservices.enabled=false";

  /** Returns why none is started; empty where one is. */
  Optional<String> whyNot() {
    if (!enabled) {
      return Optional.of("quarkus.reprise.devservices.enabled is false");
    }
    if (!hasRedisTier) {
      return Optional.of("dev.reprise:reprise-redis is not on the class path");
    }
    for (String key : new String[] {URL, "quarkus.reprise.data-directory", "quarkus.redis.hosts"}) {
      if (isSet(key)) {
        return Optional.of(key + " is set");
      }
    }
    if (configured.apply("quarkus.reprise.mode").filter("off"::equalsIgnoreCase).isPresent()) {
      return Optional.of("quarkus.reprise.mode is off");
    }
    if (hasRedisClient) {
      return Optional.of("the Dev Service of the Redis client serves the cache");
    }
    return hasContainers.getAsBoolean() ? Optional.empty() : Optional.of(NO_CONTAINERS);
  }

  private boolean isSet(String key) {
    return configured.apply(key).filter(value -> !value.isBlank()).isPresent();
  }
}
