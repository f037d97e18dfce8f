package dev.reprise.redis;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import redis.clients.jedis.HostAndPort;

/**
 * Where a Redis is and how to log in, as one URL says it.
 *
 * @param kind what is there
 * @param nodes its server, its sentinels, or some nodes of its cluster
 * @param masterName what the sentinels call the master; empty unless there are sentinels
 * @param transport whether connections are encrypted
 * @param database the number of the database
 * @param login the user and the password of the server, where it wants them
 * @param sentinelLogin those of the sentinels
 */
record RedisAddress(
    Kind kind,
    Set<HostAndPort> nodes,
    String masterName,
    Transport transport,
    int database,
    Optional<Login> login,
    Optional<Login> sentinelLogin) {

  static final String FORMS =
      "redis://[user:password@]host[:port][/database],"
          + " redis-sentinel://[user:password@]host[:port],host[:port]/master[?db=0],"
          + " redis-cluster://[user:password@]host[:port],host[:port];"
          + " with TLS rediss, rediss-sentinel, rediss-cluster";

  private static final int REDIS_PORT = 6379;
  private static final int SENTINEL_PORT = 26379;
  private static final int LARGEST_PORT = 65_535;

  enum Kind {
    STANDALONE,
    SENTINEL,
    CLUSTER
  }

  enum Transport {
    PLAIN,
    TLS
  }

  /**
   * A user and a password.
   *
   * @param user empty for the default user
   * @param password not shown by {@link #toString}
   */
  record Login(Optional<String> user, String password) {
    @Override
    public String toString() {
      return "Login[" + user.orElse("default") + "]";
    }
  }

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException with the URL (without its password), what is wrong with it and
   *     the forms that are allowed
   */
  static RedisAddress parse(String url) {
    int colon = url.indexOf("://");
    if (colon < 0) {
      throw wrong(url, "it has no scheme");
    }
    String scheme = url.substring(0, colon).toLowerCase(Locale.ROOT);
    Kind kind =
        switch (scheme) {
          case "redis", "rediss" -> Kind.STANDALONE;
          case "redis-sentinel", "rediss-sentinel" -> Kind.SENTINEL;
          case "redis-cluster", "rediss-cluster" -> Kind.CLUSTER;
          default -> throw wrong(url, "its scheme is unknown");
        };
    String rest = url.substring(colon + 3);
    String query = "";
    int question = rest.indexOf('?', rest.lastIndexOf('@') + 1);
    if (question >= 0) {
      query = rest.substring(question + 1);
      rest = rest.substring(0, question);
    }
    int at = rest.lastIndexOf('@');
    Optional<Login> login = at < 0 ? Optional.empty() : login(url, rest.substring(0, at));
    rest = rest.substring(at + 1);
    int slash = rest.indexOf('/');
    String path = slash < 0 ? "" : rest.substring(slash + 1);
    String authority = slash < 0 ? rest : rest.substring(0, slash);

    Map<String, String> options = options(url, query);
    Set<HostAndPort> nodes =
        nodes(url, authority, kind == Kind.SENTINEL ? SENTINEL_PORT : REDIS_PORT);
    if (kind == Kind.STANDALONE && nodes.size() > 1) {
      throw wrong(url, "one server has one host");
    }
    String database = options.remove("db");
    String masterName = "";
    switch (kind) {
      case STANDALONE -> {
        if (!path.isEmpty() && database != null) {
          throw wrong(url, "it names the database twice");
        }
        database = path.isEmpty() ? database : path;
      }
      case SENTINEL -> {
        if (path.isEmpty() || path.contains("/")) {
          throw wrong(url, "it does not name the master: redis-sentinel://host:26379/mymaster");
        }
        masterName = decoded(url, path);
      }
      case CLUSTER -> {
        if (!path.isEmpty() || database != null) {
          throw wrong(url, "a cluster has no databases");
        }
      }
    }
    Optional<Login> sentinelLogin = Optional.empty();
    if (kind == Kind.SENTINEL) {
      Optional<String> user = Optional.ofNullable(options.remove("sentinelUser"));
      Optional<String> password = Optional.ofNullable(options.remove("sentinelPassword"));
      if (user.isPresent() && password.isEmpty()) {
        throw wrong(url, "sentinelUser has no sentinelPassword");
      }
      sentinelLogin = password.map(secret -> new Login(user, secret));
    }
    if (!options.isEmpty()) {
      throw wrong(url, "it has an option that is unknown here: " + options.keySet());
    }
    return new RedisAddress(
        kind,
        nodes,
        masterName,
        scheme.startsWith("rediss") ? Transport.TLS : Transport.PLAIN,
        database == null ? 0 : number(url, "database", database, 0, 1_000_000),
        login,
        sentinelLogin);
  }

  /** Returns where it is, without user and password. */
  @Override
  public String toString() {
    String scheme = transport == Transport.TLS ? "rediss" : "redis";
    String where = nodes.stream().map(HostAndPort::toString).collect(Collectors.joining(","));
    return switch (kind) {
      case STANDALONE -> scheme + "://" + where + (database == 0 ? "" : "/" + database);
      case SENTINEL -> scheme + "-sentinel://" + where + "/" + masterName;
      case CLUSTER -> scheme + "-cluster://" + where;
    };
  }

  private static Optional<Login> login(String url, String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw wrong(url, "it has a user but no password (user:password@, or :password@)");
    }
    String user = decoded(url, text.substring(0, colon));
    String password = decoded(url, text.substring(colon + 1));
    if (password.isEmpty()) {
      throw wrong(url, "its password is empty");
    }
    return Optional.of(
        new Login(user.isEmpty() ? Optional.empty() : Optional.of(user), password));
  }

  private static Set<HostAndPort> nodes(String url, String authority, int defaultPort) {
    Set<HostAndPort> nodes = new LinkedHashSet<>();
    for (String node : List.of(authority.split(",", -1))) {
      int colon = node.lastIndexOf(':');
      if (node.endsWith("]")) {
        colon = -1;
      }
      String host = colon < 0 ? node : node.substring(0, colon);
      if (host.startsWith("[") && host.endsWith("]")) {
        host = host.substring(1, host.length() - 1);
      } else if (host.contains(":")) {
        throw wrong(url, "an IPv6 address stands in brackets: [::1]:6379");
      }
      if (host.isBlank()) {
        throw wrong(url, "it has no host");
      }
      int port =
          colon < 0 ? defaultPort : number(url, "port", node.substring(colon + 1), 1, LARGEST_PORT);
      nodes.add(new HostAndPort(host, port));
    }
    return nodes;
  }

  private static Map<String, String> options(String url, String query) {
    Map<String, String> options = new HashMap<>();
    for (String option : query.isEmpty() ? new ArrayList<String>() : List.of(query.split("&"))) {
      int equals = option.indexOf('=');
      if (equals < 0) {
        throw wrong(url, "an option has a value: ?db=0");
      }
      options.put(
          decoded(url, option.substring(0, equals)), decoded(url, option.substring(equals + 1)));
    }
    return options;
  }

  private static int number(String url, String what, String digits, int low, int high) {
    try {
      int number = Integer.parseInt(digits);
      if (number >= low && number <= high) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Refused below, with the same words.
    }
    throw wrong(url, "its " + what + " must be a number from " + low + " to " + high);
  }

  private static String decoded(String url, String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw wrong(url, "a % is not followed by two hexadecimal digits");
    }
  }

  private static IllegalArgumentException wrong(String url, String why) {
    return new IllegalArgumentException(
        "url is " + withoutSecrets(url) + ", but " + why + "; allowed are " + FORMS);
  }

  private static String withoutSecrets(String url) {
    return url.replaceAll("(?<=://|^)[^/]*(?:/[^@]*)?@", "***@")
        .replaceAll("(?i)(password=)[^&]*", "$1***");
  }
}
