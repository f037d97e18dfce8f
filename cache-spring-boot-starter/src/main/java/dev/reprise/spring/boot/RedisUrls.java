package dev.reprise.spring.boot;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes the URLs that {@code RedisExactTier} reads. */
final class RedisUrls {
  private RedisUrls() {}

  static String standalone(boolean tls, String login, String node, int database) {
    return (tls ? "rediss://" : "redis://") + login + node + "/" + database;
  }

  static String cluster(boolean tls, String login, Iterable<String> nodes) {
    return (tls ? "rediss" : "redis") + "-cluster://" + login + String.join(",", nodes);
  }

  static String sentinel(
      boolean tls,
      String login,
      Iterable<String> nodes,
      String master,
      int database,
      @Nullable String sentinelUser,
      @Nullable String sentinelPassword) {
    StringBuilder url = new StringBuilder(tls ? "rediss" : "redis");
    url.append("-sentinel://").append(login).append(String.join(",", nodes));
    url.append('/').append(encoded(master)).append("?db=").append(database);
    if (sentinelPassword != null && !sentinelPassword.isEmpty()) {
      if (sentinelUser != null && !sentinelUser.isEmpty()) {
        url.append("&sentinelUser=").append(encoded(sentinelUser));
      }
      url.append("&sentinelPassword=").append(encoded(sentinelPassword));
    }
    return url.toString();
  }

  /** Returns "user:password@", or nothing where there is no password. */
  static String login(@Nullable String user, @Nullable String password) {
    if (password == null || password.isEmpty()) {
      return "";
    }
    return (user == null ? "" : encoded(user)) + ":" + encoded(password) + "@";
  }

  static String node(String host, int port) {
    return (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + port;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
