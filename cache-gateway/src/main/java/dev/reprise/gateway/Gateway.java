package dev.reprise.gateway;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheStats;
import dev.reprise.gateway.admin.Admin;
import dev.reprise.gateway.admin.AdminEntry;
import dev.reprise.gateway.admin.AdminStats;
import dev.reprise.gateway.admin.Breakdown;
import dev.reprise.gateway.admin.DashboardPage;
import dev.reprise.gateway.admin.DecisionLog;
import dev.reprise.gateway.admin.Fleet;
import dev.reprise.gateway.admin.Timeline;
import dev.reprise.gateway.http.ApiPath;
import dev.reprise.gateway.http.BodyMemory;
import dev.reprise.gateway.http.BodyReader;
import dev.reprise.gateway.http.CallSlots;
import dev.reprise.gateway.http.Hosts;
import dev.reprise.gateway.http.JettyErrors;
import dev.reprise.gateway.http.JsonEndpoint;
import dev.reprise.gateway.http.Origins;
import dev.reprise.gateway.observe.FirstRequests;
import dev.reprise.gateway.observe.GatewayMeters;
import dev.reprise.gateway.observe.RequestLog;
import dev.reprise.gateway.observe.RequestObserver;
import dev.reprise.gateway.observe.Tracing;
import dev.reprise.gateway.protocol.Identities;
import dev.reprise.gateway.protocol.Protocol;
import dev.reprise.gateway.protocol.anthropic.MessagesProtocol;
import dev.reprise.gateway.protocol.gemini.GeminiProtocol;
import dev.reprise.gateway.protocol.ollama.OllamaCodec;
import dev.reprise.gateway.protocol.ollama.OllamaProtocol;
import dev.reprise.gateway.protocol.openai.ChatProtocol;
import dev.reprise.gateway.protocol.openai.CompletionsProtocol;
import dev.reprise.gateway.protocol.openai.ResponsesCodec;
import dev.reprise.gateway.protocol.openai.ResponsesProtocol;
import dev.reprise.gateway.request.LookedUp;
import dev.reprise.gateway.request.Neutral;
import dev.reprise.gateway.request.Scopes;
import dev.reprise.gateway.upstream.PassThrough;
import dev.reprise.gateway.upstream.UpstreamClient;
import dev.reprise.gateway.upstream.Upstreams;
import dev.reprise.model.CacheException;
import dev.reprise.model.Scope;
import dev.reprise.policy.CachePolicy;
import io.opentelemetry.api.OpenTelemetry;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpCompliance;
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
 * A running gateway. It speaks the protocols of OpenAI, Anthropic, Gemini and Ollama over HTTP. It
 * answers from the cache where it can, and asks an upstream for the rest.
 */
public final class Gateway implements AutoCloseable {
  /** The logger that writes a line for each request: {@value}. */
  public static final String REQUEST_LOG = RequestLog.NAME;

  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  /** Threads that no call of the upstream holds: for probes, administrators and the network. */
  private static final int SPARE_THREADS = 16;

  private final Server server;
  private final ServerConnector connector;
  private final CacheEngine engine;
  private final Upstreams upstreams;
  private final GatewayMeters meters;
  private final Fleet fleet;
  private final @Nullable OpenTelemetry telemetry;
  private final AtomicBoolean isStopping = new AtomicBoolean();

  /** Returns the label of a scope, as the dashboard shows it: of a hash, the first digits. */
  public static String scopeLabel(Scope scope) {
    return Scopes.label(scope.name());
  }

  /** What the dashboard and the administrators' requests read. */
  private record Watched(
      Timeline timeline, DecisionLog decisions, AdminEntry entryHits, Breakdown breakdown) {
    static Watched by(InstantSource clock) {
      DecisionLog decisions = new DecisionLog(clock);
      return new Watched(
          new Timeline(clock), decisions, new AdminEntry(decisions, clock), new Breakdown());
    }

    void watch(CacheEngine.Builder cache) {
      cache
          .listener(timeline)
          .requestListener(decisions)
          .requestListener(entryHits)
          .requestListener(breakdown);
    }
  }

  Gateway(GatewayBuilder builder) {
    SecureRandom random = new SecureRandom();
    Scopes scopes = scopes(builder, random);
    this.upstreams = builder.upstreams();
    this.meters = new GatewayMeters();
    builder.meters.forEach(meters::add);
    Watched watched = Watched.by(builder.clock);
    this.engine = engine(builder, watched);
    meters.watch(engine);
    this.fleet =
        new Fleet(
            engine.instanceBoard(), new AdminStats(engine, watched.timeline()), builder.clock);
    this.server = new Server(threads(builder));
    this.connector = connector(builder);
    server.addConnector(connector);
    this.telemetry = builder.telemetry;
    server.setHandler(
        new GracefulHandler(
            new RequestObserver(
                routes(builder, scopes, watched, random),
                builder.clock,
                System::nanoTime,
                random::nextLong,
                builder.logsPrompts,
                telemetry == null ? null : new Tracing(telemetry))));
    server.setErrorHandler(new JettyErrors());
    server.setStopTimeout(builder.shutdownWait.toMillis());
  }

  private static Scopes scopes(GatewayBuilder builder, SecureRandom random) {
    byte[] secret = builder.scopeSecret;
    if (secret.length == 0) {
      secret = new byte[Scopes.SHORTEST_SECRET * 2];
      random.nextBytes(secret);
    }
    return new Scopes(secret, builder.groups);
  }

  private CacheEngine engine(GatewayBuilder builder, Watched watched) {
    CachePolicy policy = GatewayPolicy.of(builder.chatPolicy);
    CacheEngine.Builder cache = builder.engine.policy(policy).listener(meters.listener());
    if (!builder.groups.isEmpty()) {
      cache.promotionAfter(builder.promotionAfter);
    }
    // FirstRequests says it in the gateway's own words.
    cache.requestListener(new FirstRequests()).remedies(code -> "");
    if (!builder.adminToken.isEmpty()) {
      // Where nobody may look, nothing is remembered.
      watched.watch(cache);
    }
    return cache.build();
  }

  private Routes routes(
      GatewayBuilder builder, Scopes scopes, Watched watched, SecureRandom random) {
    BodyReader bodies =
        new BodyReader(
            builder.maximumBodyBytes,
            builder.bodyDeadline,
            new BodyMemory(builder.maximumBodyMemoryBytes));
    CallContextReader calls =
        new CallContextReader(
            scopes,
            new Neutral(builder.neutralMembers, builder.neutralHeaders),
            new LookedUp(LookedUp.patterns(builder.bypassedModels)));
    Hosts hosts =
        new Hosts(builder.allowedHosts, builder.host, GatewayBuilder.isLoopback(builder.host));
    CallSlots slots = new CallSlots(builder.threads);
    Admin admin =
        new Admin(
            engine,
            bodies,
            fleet,
            builder.adminToken,
            watched.timeline(),
            watched.decisions(),
            watched.entryHits(),
            watched.breakdown(),
            scopes.issuer(),
            builder.clock);
    return new Routes(
        new Origins(builder.allowedOrigins, hosts),
        hosts,
        endpoints(new Identities(builder.clock, random), calls),
        bodies,
        new PassThrough(
            upstreams, bodies, slots, id -> engine.invalidateDocument(ResponsesCodec.document(id))),
        () -> {
          watched.timeline().passed();
          meters.passed();
        },
        admin,
        new DashboardPage(),
        meters,
        () -> !isStopping.get(),
        new BodyMemory(builder.maximumReplyMemoryBytes),
        slots);
  }

  private static QueuedThreadPool threads(GatewayBuilder builder) {
    QueuedThreadPool threads = new QueuedThreadPool(builder.threads + SPARE_THREADS);
    threads.setName("reprise-http");
    return threads;
  }

  private ServerConnector connector(GatewayBuilder builder) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    // Else one connection's "Bearer secret" is taken for the "Bearer SECRET" that came before it.
    http.setHeaderCacheCaseSensitive(true);
    http.setRequestHeaderSize(builder.maximumHeaderBytes);
    // A server in front may see one header where a line ends with a line feed only, and this one
    // two.
    http.setHttpCompliance(
        HttpCompliance.RFC9110.without(
            "RFC9110_CRLF",
            HttpCompliance.Violation.LF_HEADER_TERMINATION,
            HttpCompliance.Violation.LF_CHUNK_TERMINATION));
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(builder.host);
    connector.setPort(builder.port);
    connector.setIdleTimeout(builder.idleTimeout.toMillis());
    return connector;
  }

  /**
   * Returns a builder.
   *
   * @param upstream the upstream's base URL, as SDKs take it ({@code https://api.openai.com/v1}).
   *     Without a path, {@code /v1} is added. The address of an endpoint ({@code
   *     .../v1/chat/completions}) is also accepted
   * @param engine the cache. The gateway sets its policy, builds the engine and closes it
   * @throws IllegalArgumentException if the URL is not of http or https, or has a query
   */
  public static GatewayBuilder builder(URI upstream, CacheEngine.Builder engine) {
    return new GatewayBuilder(upstream, engine);
  }

  private Map<ApiPath.Kind, JsonEndpoint> endpoints(
      Identities identities, CallContextReader calls) {
    Map<ApiPath.Kind, JsonEndpoint> endpoints = new EnumMap<>(ApiPath.Kind.class);
    Map<ApiPath.Kind, Protocol> protocols =
        Map.of(
            ApiPath.Kind.COMPLETIONS, new CompletionsProtocol(identities),
            ApiPath.Kind.OLLAMA, new OllamaProtocol(identities, OllamaCodec.Call.CHAT),
            ApiPath.Kind.OLLAMA_GENERATE, new OllamaProtocol(identities, OllamaCodec.Call.GENERATE),
            ApiPath.Kind.CHAT, new ChatProtocol(identities),
            ApiPath.Kind.RESPONSES, new ResponsesProtocol(identities),
            ApiPath.Kind.MESSAGES, new MessagesProtocol(identities),
            ApiPath.Kind.GEMINI, new GeminiProtocol(identities, GeminiProtocol.Delivery.WHOLE),
            ApiPath.Kind.GEMINI_STREAM,
                new GeminiProtocol(identities, GeminiProtocol.Delivery.STREAMED));
    protocols.forEach(
        (kind, protocol) ->
            endpoints.put(kind, new AnswerEndpoint(protocol, engine, calls, upstreams)));
    endpoints.put(ApiPath.Kind.EMBEDDINGS, new EmbeddingsEndpoint(engine, calls, upstreams));
    return endpoints;
  }

  Gateway start() {
    try {
      server.start();
      fleet.start(port());
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

  /** Returns the upstream's base URL. */
  public URI upstream() {
    return URI.create(upstreams.others().base());
  }

  /** Returns the engine's counters. */
  public CacheStats stats() {
    return engine.stats();
  }

  /**
   * Stops the gateway. It accepts no more requests, waits for those in flight up to {@code
   * GatewayBuilder.shutdownWait}, finishes queued writes, and closes the engine. The second call
   * does nothing.
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
      fleet.close();
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
}
