package dev.reprise.gateway;

import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.http.BodyMemory;
import dev.reprise.gateway.http.Hosts;
import dev.reprise.gateway.http.Origins;
import dev.reprise.gateway.request.LookedUp;
import dev.reprise.gateway.request.Neutral;
import dev.reprise.gateway.request.Scopes;
import dev.reprise.gateway.upstream.UpstreamClient;
import dev.reprise.gateway.upstream.UpstreamClient.ClientKeys;
import dev.reprise.gateway.upstream.Upstreams;
import dev.reprise.model.CacheException;
import dev.reprise.model.ModelPattern;
import dev.reprise.model.internal.Checks;
import dev.reprise.policy.CachePolicy;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.opentelemetry.api.OpenTelemetry;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the options of a {@link Gateway}. Not safe for use by several threads. */
public final class GatewayBuilder {
  /** The default of {@link #host}: {@value}. */
  public static final String DEFAULT_HOST = "127.0.0.1";

  /** On which port: {@value}. */
  public static final int DEFAULT_PORT = 8080;

  /** The largest body that is read as a whole, in bytes: 32 MiB. */
  public static final int DEFAULT_MAXIMUM_BODY_BYTES = 32 << 20;

  /** The largest head of a request, in bytes: 32 KiB. */
  public static final int DEFAULT_MAXIMUM_HEADER_BYTES = 32 << 10;

  /** How long a body may take to come: 30 s. */
  public static final Duration DEFAULT_BODY_DEADLINE = Duration.ofSeconds(30);

  /** How long a client may neither send nor read: 60 s. */
  public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(60);

  /** How long the upstream may be silent: 10 min. */
  public static final Duration DEFAULT_UPSTREAM_PATIENCE = Duration.ofMinutes(10);

  /** How long closing waits for requests under way: 10 s. */
  public static final Duration DEFAULT_SHUTDOWN_WAIT = Duration.ofSeconds(10);

  /** How many keys of a group must have asked the same: {@value}. */
  public static final int DEFAULT_PROMOTION_AFTER = 2;

  /** How many threads serve clients at most: {@value}. */
  public static final int DEFAULT_THREADS = 512;

  final URI upstream;
  final CacheEngine.Builder engine;
  final List<Route> routes = new ArrayList<>();
  List<String> allowedOrigins = List.of();
  List<String> allowedHosts = List.of();
  final Map<String, List<String>> groups = new LinkedHashMap<>();
  int promotionAfter = DEFAULT_PROMOTION_AFTER;
  final List<MeterBinder> meters = new ArrayList<>();
  List<String> neutralMembers = List.of();
  List<String> neutralHeaders = List.of();
  List<String> bypassedModels = List.of();
  String host = DEFAULT_HOST;
  int port = DEFAULT_PORT;
  String adminToken = "";
  String upstreamKey = "";
  byte[] scopeSecret = {};
  boolean logsPrompts;
  @Nullable OpenTelemetry telemetry;
  CachePolicy chatPolicy = CachePolicy.defaults();
  int maximumBodyBytes = DEFAULT_MAXIMUM_BODY_BYTES;
  long maximumBodyMemoryBytes = BodyMemory.ofHeap();
  long maximumReplyMemoryBytes = BodyMemory.ofHeap();
  int maximumHeaderBytes = DEFAULT_MAXIMUM_HEADER_BYTES;
  int threads = DEFAULT_THREADS;
  Duration bodyDeadline = DEFAULT_BODY_DEADLINE;
  Duration idleTimeout = DEFAULT_IDLE_TIMEOUT;
  Duration upstreamPatience = DEFAULT_UPSTREAM_PATIENCE;
  Duration shutdownWait = DEFAULT_SHUTDOWN_WAIT;
  InstantSource clock = InstantSource.system();

  GatewayBuilder(URI upstream, CacheEngine.Builder engine) {
    this.upstream = BaseUrl.of("upstream", upstream);
    this.engine = engine;
  }

  /**
   * Sets the address on which the gateway listens. An address other than loopback needs an {@link
   * #adminToken}. Default: {@value #DEFAULT_HOST}.
   */
  public GatewayBuilder host(String host) {
    this.host = Checks.notBlank("host", host);
    return this;
  }

  /**
   * Sets on which port. Default: {@value #DEFAULT_PORT}.
   *
   * @param port from 0 (any that is free) to 65535
   * @throws IllegalArgumentException if it is out of range
   */
  public GatewayBuilder port(int port) {
    this.port = Checks.inRange("port", port, 0, 65535);
    return this;
  }

  /**
   * Sets the token for the admin endpoints. Default: none. The endpoints are then closed, and the
   * gateway listens on loopback only.
   *
   * @param token 16 to 1024 characters
   * @throws IllegalArgumentException if it is shorter or longer
   */
  public GatewayBuilder adminToken(String token) {
    Checks.inRange("length of the admin token", token.length(), 16, 1024);
    this.adminToken = token;
    return this;
  }

  /** Sets the API key for the upstream, for clients that send none. Default: none. */
  public GatewayBuilder upstreamKey(String key) {
    this.upstreamKey = Checks.notBlank("upstream key", key);
    return this;
  }

  /** Models that another upstream has. */
  private record Route(ModelPattern models, URI upstream, String key) {}

  /**
   * Adds a route: another upstream for some models. The first matching route counts. Without a
   * match, or without a model in the request, the gateway's own upstream is used. Default: none.
   *
   * @param models their names; {@code *} matches any characters, {@code ?} matches one
   * @param upstream the base URL of the route
   * @param key the API key for this upstream; if empty, the client's key is sent, over https or to
   *     this machine only
   * @throws IllegalArgumentException if the pattern is blank, or the URL not of http or https
   */
  public GatewayBuilder route(String models, URI upstream, String key) {
    routes.add(
        new Route(
            ModelPattern.of(models), BaseUrl.of("route of " + models, upstream), key.strip()));
    return this;
  }

  /** Asks no name server: what is not sure to be this machine is not. */
  private static boolean isThisMachine(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.equals("[::1]")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }

  /** Returns whether a route shows its upstream the keys of clients. */
  static ClientKeys clientKeys(URI upstream, String ownKey) {
    boolean isSafe = upstream.getScheme().equals("https") || isThisMachine(upstream.getHost());
    return ownKey.isEmpty() && isSafe ? ClientKeys.PASSED_ON : ClientKeys.WITHHELD;
  }

  Upstreams upstreams() {
    List<Upstreams.Route> found = new ArrayList<>();
    for (Route route : routes) {
      ClientKeys clientKeys = clientKeys(route.upstream(), route.key());
      UpstreamClient client =
          new UpstreamClient(route.upstream(), route.key(), clientKeys, upstreamPatience);
      found.add(new Upstreams.Route(route.models(), client));
    }
    return new Upstreams(
        new UpstreamClient(upstream, upstreamKey, ClientKeys.PASSED_ON, upstreamPatience), found);
  }

  /**
   * Sets what the hashes of the clients' keys are keyed with. Default: made up at start, so that
   * the entries on a server are not found again after a restart.
   *
   * @param secret 16 bytes or more
   * @throws IllegalArgumentException if it is shorter
   */
  public GatewayBuilder scopeSecret(byte[] secret) {
    Checks.inRange("bytes of the scope secret", secret.length, Scopes.SHORTEST_SECRET, 1 << 16);
    this.scopeSecret = secret.clone();
    return this;
  }

  /**
   * Lets {@code keys} share their answers. Default: each key has its own.
   *
   * @param name the group's name, at most 64 characters, no "/"
   * @throws IllegalArgumentException if the name or a key is blank, or the name too long or with a
   *     "/"
   */
  public GatewayBuilder group(String name, List<String> keys) {
    Checks.notBlank("name of a group", name);
    Checks.inRange("length of the name of a group", name.length(), 1, 64);
    if (name.contains("/")) {
      // A scope within group "a" would be that of a group "a/b".
      throw new IllegalArgumentException("name of a group must not have a \"/\": " + name);
    }
    keys.forEach(key -> Checks.notBlank("a key of group " + name, key));
    groups.put(name, List.copyOf(keys));
    return this;
  }

  /**
   * Sets the promotion rule of groups: how many keys of a {@link #group} must have asked the same
   * before an answer that one of them stored serves the others by meaning. See {@link
   * CacheEngine.Builder#promotionAfter}.
   *
   * @param keys from 1, which switches the rule off, to 100. Default: {@value
   *     #DEFAULT_PROMOTION_AFTER}
   * @throws IllegalArgumentException if it is out of range
   */
  public GatewayBuilder promotionAfter(int keys) {
    this.promotionAfter = Checks.inRange("promotionAfter", keys, 1, 100);
    return this;
  }

  /**
   * Lets web pages use the gateway, by their origins as browsers write them ({@code
   * https://app.example}); {@code *} lets all. Pages that the gateway serves itself always may.
   * Default: no others.
   *
   * @throws IllegalArgumentException if one is no origin
   */
  public GatewayBuilder allowOrigins(List<String> origins) {
    origins.forEach(Origins::check);
    this.allowedOrigins = List.copyOf(origins);
    return this;
  }

  /**
   * Sets the names by which clients may ask the gateway ({@code Host}), without ports, besides
   * those of this machine and {@link #host}; {@code *} allows all. Default: on a loopback address
   * no others, so that a web page whose name leads here (DNS rebinding) is refused; elsewhere all.
   *
   * @throws IllegalArgumentException if one is neither a name, an address nor {@code *}
   */
  public GatewayBuilder allowHosts(List<String> hosts) {
    hosts.forEach(Hosts::check);
    this.allowedHosts = List.copyOf(hosts);
    return this;
  }

  /**
   * Names members of a body that are left out of the key, by their paths: {@code user}, {@code
   * metadata.trace_id}. They are sent to the upstream. Default: only those that say how an answer
   * is delivered.
   *
   * @throws IllegalArgumentException if one is blank, or is the question itself (model, messages,
   *     ...)
   */
  public GatewayBuilder neutralMembers(List<String> members) {
    this.neutralMembers = new Neutral(members, List.of()).members();
    return this;
  }

  /**
   * Names headers that are left out of the key, in addition to the built-in list of headers of
   * CDNs, proxies and tracers. {@code *} at the end of a name matches any characters. They are sent
   * to the upstream. Default: none.
   *
   * @throws IllegalArgumentException if one is blank, or identifies the caller: a key, or a login
   *     proxy's user
   */
  public GatewayBuilder neutralHeaders(List<String> headers) {
    this.neutralHeaders = new Neutral(List.of(), headers).headers();
    return this;
  }

  /**
   * Bypasses the cache for some models, in addition to those that are known to search. Default:
   * none.
   *
   * @param models their names; {@code *} matches any characters, {@code ?} matches one
   * @throws IllegalArgumentException if a pattern is blank
   */
  public GatewayBuilder bypassModels(List<String> models) {
    LookedUp.patterns(models);
    this.bypassedModels = List.copyOf(models);
    return this;
  }

  /** Sets what of the chat is cached. Default: {@link CachePolicy#defaults}. */
  public GatewayBuilder chatPolicy(CachePolicy policy) {
    this.chatPolicy = policy;
    return this;
  }

  /**
   * Writes the first 200 characters of the last message to the line of {@link Gateway#REQUEST_LOG}.
   * Default: no line has text of a user.
   */
  public GatewayBuilder logPrompts() {
    this.logsPrompts = true;
    return this;
  }

  /**
   * Sets the receiver of spans. The gateway closes it if it is {@link java.io.Closeable}. Default:
   * no tracing.
   */
  public GatewayBuilder telemetry(OpenTelemetry telemetry) {
    this.telemetry = telemetry;
    return this;
  }

  /** Adds what {@code /metrics} shows besides. */
  public GatewayBuilder meters(MeterBinder meters) {
    this.meters.add(meters);
    return this;
  }

  /**
   * Sets the largest body that is read as a whole. Default: {@link #DEFAULT_MAXIMUM_BODY_BYTES}.
   *
   * @param bytes from 1 KiB to 1 GiB
   * @throws IllegalArgumentException if it is out of range
   */
  public GatewayBuilder maximumBodyBytes(int bytes) {
    this.maximumBodyBytes = Checks.inRange("maximumBodyBytes", bytes, 1 << 10, 1 << 30);
    return this;
  }

  /**
   * Sets how much memory the bodies of requests under way may take together; each counts four times
   * its size. A request beyond that is answered with 503 and {@code Retry-After}. Default: a
   * quarter of the heap.
   *
   * @param bytes 1 MiB or more
   * @throws IllegalArgumentException if it is less
   */
  public GatewayBuilder maximumBodyMemoryBytes(long bytes) {
    this.maximumBodyMemoryBytes = memory("maximumBodyMemoryBytes", bytes);
    return this;
  }

  /**
   * Sets how much memory the replies under way may take together, those of the upstream and those
   * that wait for their clients; each counts four times its size. A whole reply beyond that is
   * answered with 503 and {@code Retry-After}. A stream passes, and is not stored. Default: a
   * quarter of the heap.
   *
   * @param bytes 1 MiB or more
   * @throws IllegalArgumentException if it is less
   */
  public GatewayBuilder maximumReplyMemoryBytes(long bytes) {
    this.maximumReplyMemoryBytes = memory("maximumReplyMemoryBytes", bytes);
    return this;
  }

  private static long memory(String option, long bytes) {
    if (bytes < 1 << 20) {
      throw new IllegalArgumentException(option + " is " + bytes + ", but must be 1048576 or more");
    }
    return bytes;
  }

  /**
   * Sets the largest head of a request. Default: {@link #DEFAULT_MAXIMUM_HEADER_BYTES}.
   *
   * @param bytes from 4 KiB to 1 MiB
   * @throws IllegalArgumentException if it is out of range
   */
  public GatewayBuilder maximumHeaderBytes(int bytes) {
    this.maximumHeaderBytes = Checks.inRange("maximumHeaderBytes", bytes, 4 << 10, 1 << 20);
    return this;
  }

  /**
   * Sets how many calls are made or answered at the same time at most; each holds a thread. Further
   * ones wait. Default: {@value #DEFAULT_THREADS}.
   *
   * @param threads from 16 to 10,000
   * @throws IllegalArgumentException if it is out of range
   */
  public GatewayBuilder threads(int threads) {
    this.threads = Checks.inRange("threads", threads, 16, 10_000);
    return this;
  }

  /**
   * Sets how long a body may take to come. Default: {@link #DEFAULT_BODY_DEADLINE}.
   *
   * @param deadline from 100 ms to 1 h
   * @throws IllegalArgumentException if it is out of range
   */
  public GatewayBuilder bodyDeadline(Duration deadline) {
    this.bodyDeadline = duration("bodyDeadline", deadline);
    return this;
  }

  /**
   * Sets how long a client may neither send nor read. Default: {@link #DEFAULT_IDLE_TIMEOUT}.
   *
   * @param timeout from 100 ms to 1 h
   * @throws IllegalArgumentException if it is out of range
   */
  public GatewayBuilder idleTimeout(Duration timeout) {
    this.idleTimeout = duration("idleTimeout", timeout);
    return this;
  }

  /**
   * Sets how long the upstream may be silent, before its answer and within it. Default: {@link
   * #DEFAULT_UPSTREAM_PATIENCE}.
   *
   * @param patience from 100 ms to 1 h
   * @throws IllegalArgumentException if it is out of range
   */
  public GatewayBuilder upstreamPatience(Duration patience) {
    this.upstreamPatience = duration("upstreamPatience", patience);
    return this;
  }

  /**
   * Sets how long closing waits for requests under way. Default: {@link #DEFAULT_SHUTDOWN_WAIT}.
   *
   * @param wait from 100 ms to 1 h
   * @throws IllegalArgumentException if it is out of range
   */
  public GatewayBuilder shutdownWait(Duration wait) {
    this.shutdownWait = duration("shutdownWait", wait);
    return this;
  }

  /** Sets the clock of what administrators see, for tests. Default: the system's. */
  GatewayBuilder clock(InstantSource clock) {
    this.clock = clock;
    return this;
  }

  private static Duration duration(String option, Duration value) {
    return Checks.inRange(option, value, Duration.ofMillis(100), Duration.ofHours(1));
  }

  /**
   * Starts the gateway.
   *
   * @throws IllegalArgumentException if it shall listen on more than loopback without an admin
   *     token
   * @throws CacheException if it cannot listen there
   */
  public Gateway start() {
    if (adminToken.isEmpty() && !isLoopback(host)) {
      throw new IllegalArgumentException(
          "host "
              + host
              + " can be reached from other machines; set an admin token to allow that, or listen"
              + " on "
              + DEFAULT_HOST);
    }
    return new Gateway(this).start();
  }

  static boolean isLoopback(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("host " + host + " is not known", e);
    }
  }
}
