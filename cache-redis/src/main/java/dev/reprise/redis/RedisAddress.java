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
 * The address of a Redis and its login, read from one URL.
 *
 * @param kind one server, sentinels or a cluster
 * @param nodes the server, the sentinels, or some nodes of the cluster
 * @param masterName the sentinels' name for the master; empty without sentinels
 * @param transport whether connections are encrypted
 * @param database the number of the database
 * @param login the server's user and password; empty where it needs none
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
    Parts parts = Parts.of(url);
    Kind kind =
        switch (parts.scheme()) {
          case "redis", "rediss" -> Kind.STANDALONE;
          case "redis-sentinel", "rediss-sentinel" -> Kind.SENTINEL;
          case "redis-cluster", "rediss-cluster" -> Kind.CLUSTER;
          default -> throw wrong(url, "its scheme is unknown");
        };
    Optional<Login> login = parts.userInfo().flatMap(text -> login(url, text));
    Map<String, String> options = options(url, parts.query());
    Set<HostAndPort> nodes =
        nodes(url, parts.authority(), kind == Kind.SENTINEL ? SENTINEL_PORT : REDIS_PORT);
    if (kind == Kind.STANDALONE && nodes.size() > 1) {
      throw wrong(url, "one server has one host");
    }
    Optional<String> database = database(url, kind, parts.path(), options);
    String masterName = kind == Kind.SENTINEL ? masterName(url, parts.path()) : "";
    Optional<Login> sentinelLogin =
        kind == Kind.SENTINEL ? sentinelLogin(url, options) : Optional.empty();
    if (!options.isEmpty()) {
      throw wrong(url, "it has an option that is unknown here: " + options.keySet());
    }
    return new RedisAddress(
        kind,
        nodes,
        masterName,
        parts.scheme().startsWith("rediss") ? Transport.TLS : Transport.PLAIN,
        database.map(text -> number(url, "database", text, 0, 1_000_000)).orElse(0),
        login,
        sentinelLogin);
  }

  /** The parts of a URL, as they are written. {@code userInfo} is what stands before the last @. */
  private record Parts(
      String scheme, Optional<String> userInfo, String authority, String path, String query) {
    static Parts of(String url) {
      int colon = url.indexOf("://");
      if (colon < 0) {
        throw wrong(url, "it has no scheme");
      }
      String rest = url.substring(colon + 3);
      String query = "";
      int question = rest.indexOf('?', rest.lastIndexOf('@') + 1);
      if (question >= 0) {
        query = rest.substring(question + 1);
        rest = rest.substring(0, question);
      }
      int at = rest.lastIndexOf('@');
      Optional<String> userInfo = at < 0 ? Optional.empty() : Optional.of(rest.substring(0, at));
      rest = rest.substring(at + 1);
      int slash = rest.indexOf('/');
      return new Parts(
          url.substring(0, colon).toLowerCase(Locale.ROOT),
          userInfo,
          slash < 0 ? rest : rest.substring(0, slash),
          slash < 0 ? "" : rest.substring(slash + 1),
          query);
    }
  }

  /** Takes the database out of {@code options}, or reads it from the path. */
  private static Optional<String> database(
      String url, Kind kind, String path, Map<String, String> options) {
    Optional<String> named = Optional.ofNullable(options.remove("db"));
    return switch (kind) {
      case STANDALONE -> {
        if (!path.isEmpty() && named.isPresent()) {
          throw wrong(url, "it names the database twice");
        }
        yield path.isEmpty() ? named : Optional.of(path);
      }
      case SENTINEL -> named;
      case CLUSTER -> {
        if (!path.isEmpty() || named.isPresent()) {
          throw wrong(url, "a cluster has no databases");
        }
        yield named;
      }
    };
  }

  private static String masterName(String url, String path) {
    if (path.isEmpty() || path.contains("/")) {
      throw wrong(url, "it does not name the master: redis-sentinel://host:26379/mymaster");
    }
    return decoded(url, path);
  }

  /** Takes the sentinels' user and password out of {@code options}. */
  private static Optional<Login> sentinelLogin(String url, Map<String, String> options) {
    Optional<String> user = Optional.ofNullable(options.remove("sentinelUser"));
    Optional<String> password = Optional.ofNullable(options.remove("sentinelPassword"));
    if (user.isPresent() && password.isEmpty()) {
      throw wrong(url, "sentinelUser has no sentinelPassword");
    }
    return password.map(secret -> new Login(user, secret));
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
    return Optional.of(new Login(user.isEmpty() ? Optional.empty() : Optional.of(user), password));
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
    int scheme = url.indexOf("://");
    int start = scheme < 0 ? 0 : scheme + 3;
    int at = url.lastIndexOf('@');
    String shown = at < start ? url : url.substring(0, start) + "***@" + url.substring(at + 1);
    return shown.replaceAll("(?i)(password=)[^&]*", "$1***");
  }
}
