package dev.reprise.spring.boot;

import dev.reprise.redis.RedisExactTier;
import dev.reprise.tier.ExactTier;

/** Builds the tier on Redis. Loaded only where reprise-redis is there. */
final class RedisTiers {
  private static final String PREFIX = "reprise.redis.";

  private RedisTiers() {}

  static ExactTier tier(RedisAddressSource.Address address, RepriseProperties.Redis settings) {
    RedisExactTier.Builder[] tier = new RedisExactTier.Builder[1];
    Settings.applySecret(
        PREFIX + "url", address.url(), url -> tier[0] = RedisExactTier.builder(url));
    RedisExactTier.Builder builder = tier[0];
    Settings.apply(PREFIX + "key-prefix", settings.keyPrefix(), builder::keyPrefix);
    Settings.apply(PREFIX + "deadline", settings.deadline(), builder::deadline);
    Settings.apply(
        PREFIX + "maximum-connections", settings.maximumConnections(), builder::maximumConnections);
    if (address.tls() != null) {
      builder.sslSocketFactory(address.tls());
    }
    return builder.build();
  }
}
