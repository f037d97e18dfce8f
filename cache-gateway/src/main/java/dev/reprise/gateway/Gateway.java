package dev.reprise.gateway;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheStats;
import dev.reprise.gateway.UpstreamClient.ClientKeys;
import dev.reprise.model.CacheException;
import dev.reprise.model.ModelPattern;
import dev.reprise.model.internal.Checks;
import dev.reprise.policy.CachePolicy;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.opentelemetry.api.OpenTelemetry;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running gateway: an HTTP server that speaks OpenAI's protocol, answers from the cache what it
 * can, and asks an upstream that speaks it, too, for the rest.
 */
public final class Gateway implements AutoCloseable {
  /** The logger that has a line for each request: {@value}. */
  public static final String REQUEST_LOG = "dev.reprise.gateway.requests";

  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  private final Server server;
  private final ServerConnector connector;
  private final CacheEngine engine;
  private final Upstreams upstreams;
  private final GatewayMeters meters;
  private final @Nullable OpenTelemetry telemetry;
  private final AtomicBoolean isStopping = new AtomicBoolean();

  private Gateway(Builder builder) {
    CachePolicy policy = GatewayPolicy.of(builder.chatPolicy);
    SecureRandom random = new SecureRandom();
    byte[] secret = builder.scopeSecret;
    if (secret.length == 0) {
      secret = new byte[Scopes.SHORTEST_SECRET * 2];
      random.nextBytes(secret);
    }
    Scopes scopes = new Scopes(secret, builder.groups);
    this.upstreams = builder.upstreams();
    this.meters = new GatewayMeters();
    builder.meters.forEach(meters::add);
    InstantSource clock = builder.clock;
    Timeline timeline = new Timeline(clock);
    DecisionLog decisions = new DecisionLog(clock);
    AdminEntry entryHits = new AdminEntry(decisions, clock);
    Breakdown breakdown = new Breakdown();
    CacheEngine.Builder cache = builder.engine.policy(policy).listener(meters.listener());
    // FirstRequests tells it in the gateway's own words.
    cache.requestListener(new FirstRequests()).remedies(code -> "");
    if (!builder.adminToken.isEmpty()) {
      // Where nobody may look, nothing is remembered.
      cache
          .listener(timeline)
          .requestListener(decisions)
          .requestListener(entryHits)
          .requestListener(breakdown);
    }
    this.engine = cache.build();
    meters.watch(engine);
    BodyReader bodies =
        new BodyReader(
            builder.maximumBodyBytes,
            builder.bodyDeadline,
            new BodyMemory(builder.maximumBodyMemoryBytes));
    Calls calls =
        new Calls(
            scopes,
            new Neutral(builder.neutralMembers, builder.neutralHeaders),
            new LookedUp(LookedUp.patterns(builder.bypassedModels)));
    Identities identities = new Identities(clock, random);
    Hosts hosts = new Hosts(builder.allowedHosts, builder.host, Builder.isLoopback(builder.host));
    Routes routes =
        new Routes(
            new Origins(builder.allowedOrigins, hosts),
            hosts,
            endpoints(identities, calls),
            bodies,
            new PassThrough(
                upstreams, bodies, id -> engine.invalidateDocument(ResponsesCodec.document(id))),
            timeline::passed,
            new Admin(
                engine,
                bodies,
                new Transfer(engine, clock),
                builder.adminToken,
                timeline,
                decisions,
                entryHits,
                breakdown,
                clock),
            new DashboardPage(),
            meters,
            () -> !isStopping.get());
    QueuedThreadPool threads = new QueuedThreadPool(builder.threads);
    threads.setName("reprise-http");
    this.server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    // Else one connection's "Bearer secret" is taken for the "Bearer SECRET" that came before it.
    http.setHeaderCacheCaseSensitive(true);
    http.setRequestHeaderSize(builder.maximumHeaderBytes);
    this.connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(builder.host);
    connector.setPort(builder.port);
    connector.setIdleTimeout(builder.idleTimeout.toMillis());
    server.addConnector(connector);
    this.telemetry = builder.telemetry;
    server.setHandler(
        new GracefulHandler(
            new Observed(
                routes,
                clock,
                System::nanoTime,
                random::nextLong,
                builder.logsPrompts,
                telemetry == null ? null : new Tracing(telemetry))));
    server.setErrorHandler(new JettyErrors());
    server.setStopTimeout(builder.shutdownWait.toMillis());
  }

  /**
   * Returns a builder.
   *
   * @param upstream the base URL of what is asked where the cache has no answer, as SDKs take it
   *     ({@code https://api.openai.com/v1}); without a path, {@code /v1} is meant. The address of
   *     one of its endpoints ({@code .../v1/chat/completions}) means its base, too
   * @param engine the cache, but for its policy, which the gateway sets; the gateway builds the
   *     engine and closes it
   * @throws IllegalArgumentException if the URL is not of http or https, or has a query
   */
  public static Builder builder(URI upstream, CacheEngine.Builder engine) {
    return new Builder(upstream, engine);
  }

  private Map<ApiPath.Kind, JsonEndpoint> endpoints(Identities identities, Calls calls) {
    Map<ApiPath.Kind, JsonEndpoint> endpoints = new EnumMap<>(ApiPath.Kind.class);
    Map<ApiPath.Kind, Protocol> protocols =
        Map.of(
            ApiPath.Kind.CHAT, new ChatProtocol(identities),
            ApiPath.Kind.RESPONSES, new ResponsesProtocol(identities),
            ApiPath.Kind.MESSAGES, new MessagesProtocol(identities));
    protocols.forEach(
        (kind, protocol) ->
            endpoints.put(kind, new AnswerEndpoint(protocol, engine, calls, upstreams)));
    endpoints.put(ApiPath.Kind.EMBEDDINGS, new EmbeddingsEndpoint(engine, calls, upstreams));
    return endpoints;
  }

  private Gateway start() {
    try {
      server.start();
      return this;
    } catch (Exception e) {
      close();
      throw new CacheException(
          "the gateway cannot listen on "
              + connector.getHost()
              + ":"
              + connector.getPort()
              + " ("
              + e.getMessage()
              + "); is the port in use?",
          e);
    }
  }

  /** Returns the port on which it listens. */
  public int port() {
    return connector.getLocalPort();
  }

  /** Returns its base URL, as SDKs take it. */
  public URI url() {
    String host =
        connector.getHost().contains(":") ? "[" + connector.getHost() + "]" : connector.getHost();
    return URI.create("http://" + host + ":" + port() + UpstreamClient.VERSION);
  }

  /** Returns the base URL of what is asked where the cache has no answer. */
  public URI upstream() {
    return URI.create(upstreams.others().base());
  }

  /** Returns what the engine has counted. */
  public CacheStats stats() {
    return engine.stats();
  }

  /**
   * Takes no more requests, waits for those under way as long as was agreed, writes what is queued
   * for the semantic tier, and closes the engine. Does nothing the second time.
   */
  @Override
  public void close() {
    if (!isStopping.compareAndSet(false, true)) {
      return;
    }
    try {
      server.stop();
    } catch (Exception e) {
      LOG.warn("Requests were still under way when the gateway stopped; they are broken off", e);
    } finally {
      upstreams.close();
      engine.close();
      meters.close();
      closeTelemetry();
    }
  }

  /** Sends what was traced, as far as that is quick. */
  private void closeTelemetry() {
    if (telemetry instanceof Closeable closeable) {
      try {
        closeable.close();
      } catch (IOException e) {
        LOG.warn("The traces could not be closed", e);
      }
    }
  }

  /** Collects the options of a {@link Gateway}. Not safe for use by several threads. */
  public static final class Builder {
    /** Where it listens: {@value}. */
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

    /** How many threads serve clients at most: {@value}. */
    public static final int DEFAULT_THREADS = 512;

    /** What stands behind a base URL where the address of an endpoint is given in its place. */
    private static final Pattern ENDPOINT =
        Pattern.compile(
            "/(?:chat/completions|completions|responses|embeddings|models|messages)/*$");

    private final URI upstream;
    private final CacheEngine.Builder engine;
    private final List<Route> routes = new ArrayList<>();
    private List<String> allowedOrigins = List.of();
    private List<String> allowedHosts = List.of();
    private final Map<String, List<String>> groups = new LinkedHashMap<>();
    private final List<MeterBinder> meters = new ArrayList<>();
    private List<String> neutralMembers = List.of();
    private List<String> neutralHeaders = List.of();
    private List<String> bypassedModels = List.of();
    private String host = DEFAULT_HOST;
    private int port = DEFAULT_PORT;
    private String adminToken = "";
    private String upstreamKey = "";
    private byte[] scopeSecret = {};
    private boolean logsPrompts;
    private @Nullable OpenTelemetry telemetry;
    private CachePolicy chatPolicy = CachePolicy.defaults();
    private int maximumBodyBytes = DEFAULT_MAXIMUM_BODY_BYTES;
    private long maximumBodyMemoryBytes = BodyMemory.ofHeap();
    private int maximumHeaderBytes = DEFAULT_MAXIMUM_HEADER_BYTES;
    private int threads = DEFAULT_THREADS;
    private Duration bodyDeadline = DEFAULT_BODY_DEADLINE;
    private Duration idleTimeout = DEFAULT_IDLE_TIMEOUT;
    private Duration upstreamPatience = DEFAULT_UPSTREAM_PATIENCE;
    private Duration shutdownWait = DEFAULT_SHUTDOWN_WAIT;
    private InstantSource clock = InstantSource.system();

    private Builder(URI upstream, CacheEngine.Builder engine) {
      this.upstream = checked("upstream", upstream);
      this.engine = engine;
    }

    private static URI checked(String option, URI upstream) {
      boolean isHttp = "http".equals(upstream.getScheme()) || "https".equals(upstream.getScheme());
      if (!isHttp
          || upstream.getHost() == null
          || upstream.getRawUserInfo() != null
          || upstream.getRawQuery() != null
          || upstream.getRawFragment() != null) {
        throw new IllegalArgumentException(
            option
                + " is "
                + upstream
                + ", but must be http://HOST or https://HOST, with a port and a path where needed"
                + " and nothing else");
      }
      return base(upstream);
    }

    /** Returns the base of what may be the address of one of its endpoints. */
    private static URI base(URI upstream) {
      String path = upstream.getRawPath() == null ? "" : upstream.getRawPath();
      String base = ENDPOINT.matcher(path).replaceFirst("");
      return base.equals(path)
          ? upstream
          : URI.create(upstream.getScheme() + "://" + upstream.getRawAuthority() + base);
    }

    /**
     * Sets where it listens. What is not a loopback address needs an {@link #adminToken}. Default:
     * {@value #DEFAULT_HOST}.
     */
    public Builder host(String host) {
      this.host = Checks.notBlank("host", host);
      return this;
    }

    /**
     * Sets on which port. Default: {@value #DEFAULT_PORT}.
     *
     * @param port from 0 (any that is free) to 65535
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder port(int port) {
      this.port = Checks.inRange("port", port, 0, 65535);
      return this;
    }

    /**
     * Sets what an administrator must show. Default: none, and then nobody is one, and only
     * loopback is listened on.
     *
     * @param token 16 to 1024 characters
     * @throws IllegalArgumentException if it is shorter or longer
     */
    public Builder adminToken(String token) {
      Checks.inRange("length of the admin token", token.length(), 16, 1024);
      this.adminToken = token;
      return this;
    }

    /** Sets the key that the upstream is shown where the client shows none. Default: none. */
    public Builder upstreamKey(String key) {
      this.upstreamKey = Checks.notBlank("upstream key", key);
      return this;
    }

    /** Models that another upstream has. */
    private record Route(ModelPattern models, URI upstream, String key) {}

    /**
     * Asks another upstream for some models. Of several routes that fit, the one that was set first
     * counts; where none fits, and where a request names no model, it is the gateway's own
     * upstream. Default: none.
     *
     * @param models their names, in which {@code *} stands for any characters and {@code ?} for one
     * @param upstream its base URL, as that of the gateway
     * @param key that this upstream is shown in place of the client's; empty for the client's,
     *     which is shown over https and to this machine only
     * @throws IllegalArgumentException if the pattern is blank, or the URL not of http or https
     */
    public Builder route(String models, URI upstream, String key) {
      routes.add(
          new Route(ModelPattern.of(models), checked("route of " + models, upstream), key.strip()));
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

    private Upstreams upstreams() {
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
    public Builder scopeSecret(byte[] secret) {
      Checks.inRange("bytes of the scope secret", secret.length, Scopes.SHORTEST_SECRET, 1 << 16);
      this.scopeSecret = secret.clone();
      return this;
    }

    /**
     * Lets {@code keys} share their answers. Default: each key has its own.
     *
     * @param name the group's name, at most 64 characters, no "/"
     * @throws IllegalArgumentException if the name or a key is blank, or the name too long or with
     *     a "/"
     */
    public Builder group(String name, List<String> keys) {
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
     * Lets web pages use the gateway, by their origins as browsers write them ({@code
     * https://app.example}); {@code *} lets all. Pages that the gateway serves itself always may.
     * Default: no others.
     *
     * @throws IllegalArgumentException if one is no origin
     */
    public Builder allowOrigins(List<String> origins) {
      origins.forEach(Origins::check);
      this.allowedOrigins = List.copyOf(origins);
      return this;
    }

    /**
     * Sets the names by which clients may ask the gateway ({@code Host}), without ports, besides
     * those of this machine and {@link #host}; {@code *} allows all. Default: on a loopback address
     * no others, so that a web page whose name leads here (DNS rebinding) is refused; elsewhere
     * all.
     *
     * @throws IllegalArgumentException if one is neither a name, an address nor {@code *}
     */
    public Builder allowHosts(List<String> hosts) {
      hosts.forEach(Hosts::check);
      this.allowedHosts = List.copyOf(hosts);
      return this;
    }

    /**
     * Names members of a body that do not divide answers, by their paths: {@code user}, {@code
     * metadata.trace_id}. They are sent on. Default: none but those that only say how an answer is
     * delivered.
     *
     * @throws IllegalArgumentException if one is blank, or is what is asked (model, messages, ...)
     */
    public Builder neutralMembers(List<String> members) {
      this.neutralMembers = new Neutral(members, List.of()).members();
      return this;
    }

    /**
     * Names headers that do not divide answers, besides the built-in list of the headers of CDNs,
     * proxies and tracers; {@code *} at the end of a name stands for any characters. They are sent
     * on. Default: none.
     *
     * @throws IllegalArgumentException if one is blank, or tells who asks: a key, or a login
     *     proxy's user
     */
    public Builder neutralHeaders(List<String> headers) {
      this.neutralHeaders = new Neutral(List.of(), headers).headers();
      return this;
    }

    /**
     * Sends the requests of some models past the cache, besides those that are known to look things
     * up. Default: none.
     *
     * @param models their names, in which {@code *} stands for any characters and {@code ?} for one
     * @throws IllegalArgumentException if a pattern is blank
     */
    public Builder bypassModels(List<String> models) {
      LookedUp.patterns(models);
      this.bypassedModels = List.copyOf(models);
      return this;
    }

    /** Sets what of the chat is cached. Default: {@link CachePolicy#defaults}. */
    public Builder chatPolicy(CachePolicy policy) {
      this.chatPolicy = policy;
      return this;
    }

    /**
     * Writes the beginning of what was asked, 200 characters, to the line that {@link #REQUEST_LOG}
     * has for each request. Default: no such line has anything that was said.
     */
    public Builder logPrompts() {
      this.logsPrompts = true;
      return this;
    }

    /**
     * Sets who is given the spans of requests. The gateway closes it where it can be closed.
     * Default: nothing is traced.
     */
    public Builder telemetry(OpenTelemetry telemetry) {
      this.telemetry = telemetry;
      return this;
    }

    /** Adds what {@code /metrics} shows besides. */
    public Builder meters(MeterBinder meters) {
      this.meters.add(meters);
      return this;
    }

    /**
     * Sets the largest body that is read as a whole. Default: {@link #DEFAULT_MAXIMUM_BODY_BYTES}.
     *
     * @param bytes from 1 KiB to 1 GiB
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder maximumBodyBytes(int bytes) {
      this.maximumBodyBytes = Checks.inRange("maximumBodyBytes", bytes, 1 << 10, 1 << 30);
      return this;
    }

    /**
     * Sets how much memory the bodies of requests under way may take together; each counts four
     * times its size. A request beyond that is answered with 503 and {@code Retry-After}. Default:
     * a quarter of the heap.
     *
     * @param bytes 1 MiB or more
     * @throws IllegalArgumentException if it is less
     */
    public Builder maximumBodyMemoryBytes(long bytes) {
      if (bytes < 1 << 20) {
        throw new IllegalArgumentException(
            "maximumBodyMemoryBytes is " + bytes + ", but must be 1048576 or more");
      }
      this.maximumBodyMemoryBytes = bytes;
      return this;
    }

    /**
     * Sets the largest head of a request. Default: {@link #DEFAULT_MAXIMUM_HEADER_BYTES}.
     *
     * @param bytes from 4 KiB to 1 MiB
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder maximumHeaderBytes(int bytes) {
      this.maximumHeaderBytes = Checks.inRange("maximumHeaderBytes", bytes, 4 << 10, 1 << 20);
      return this;
    }

    /**
     * Sets how many threads serve clients at most; a call of the upstream holds one. Default:
     * {@value #DEFAULT_THREADS}.
     *
     * @param threads from 16 to 10,000
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder threads(int threads) {
      this.threads = Checks.inRange("threads", threads, 16, 10_000);
      return this;
    }

    /**
     * Sets how long a body may take to come. Default: {@link #DEFAULT_BODY_DEADLINE}.
     *
     * @param deadline from 100 ms to 1 h
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder bodyDeadline(Duration deadline) {
      this.bodyDeadline = duration("bodyDeadline", deadline);
      return this;
    }

    /**
     * Sets how long a client may neither send nor read. Default: {@link #DEFAULT_IDLE_TIMEOUT}.
     *
     * @param timeout from 100 ms to 1 h
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder idleTimeout(Duration timeout) {
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
    public Builder upstreamPatience(Duration patience) {
      this.upstreamPatience = duration("upstreamPatience", patience);
      return this;
    }

    /**
     * Sets how long closing waits for requests under way. Default: {@link #DEFAULT_SHUTDOWN_WAIT}.
     *
     * @param wait from 100 ms to 1 h
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder shutdownWait(Duration wait) {
      this.shutdownWait = duration("shutdownWait", wait);
      return this;
    }

    /** Sets the clock of what administrators see, for tests. Default: the system's. */
    Builder clock(InstantSource clock) {
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

    private static boolean isLoopback(String host) {
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
}
