package dev.reprise.quarkus.runtime;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * The Redis that the application's Redis client is configured with, or that its Dev Service has
 * started.
 */
final class ClientRedis {
  private static final Logger LOG = Logger.getLogger("dev.reprise.quarkus");
  private static final String HOSTS = "quarkus.redis.hosts";

  private ClientRedis() {}

  /** Returns its URL; empty where there is none, and where it is not one server. */
  static Optional<String> url(Config config) {
    return config.getOptionalValue(HOSTS, String.class).flatMap(hosts -> url(hosts, config));
  }

  private static Optional<String> url(String hosts, Config config) {
    String type =
        config.getOptionalValue("quarkus.redis.client-type", String.class).orElse("standalone");
    if (!type.equalsIgnoreCase("standalone") || hosts.contains(",")) {
      LOG.warnf(
          "The cache does not use %s, since it is not one server. To share answers over it, set"
              + " quarkus.reprise.redis.url to redis-cluster://host:port,host:port or"
              + " redis-sentinel://host:port,host:port/master",
          HOSTS);
      return Optional.empty();
    }
    Optional<String> password = config.getOptionalValue("quarkus.redis.password", String.class);
    return Optional.of(password.map(secret -> withPassword(hosts, secret)).orElse(hosts));
  }

  private static String withPassword(String url, String password) {
    int authority = url.indexOf("://") + 3;
    if (authority < 3 || url.indexOf('@', authority) >= 0) {
      return url;
    }
    String encoded = URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20");
    return url.substring(0, authority) + ":" + encoded + "@" + url.substring(authority);
  }
}
