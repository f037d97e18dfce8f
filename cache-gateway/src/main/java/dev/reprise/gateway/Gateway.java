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
  public static final String REQUEST_LOG = RequestLog.NAME;

  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  private final Server server;
  private final ServerConnector connector;
  private final CacheEngine engine;
  private final Upstreams upstreams;
  private final GatewayMeters meters;
  private final Fleet fleet;
  private final @Nullable OpenTelemetry telemetry;
  private final AtomicBoolean isStopping = new AtomicBoolean();

  /**
   * Returns what people call a scope of a gateway, as the dashboard does: of a hash a few digits.
   */
  public static String scopeLabel(Scope scope) {
    return Scopes.label(scope.name());
  }

  Gateway(GatewayBuilder builder) {
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
    CallContextReader calls =
        new CallContextReader(
            scopes,
            new Neutral(builder.neutralMembers, builder.neutralHeaders),
            new LookedUp(LookedUp.patterns(builder.bypassedModels)));
    this.fleet = new Fleet(engine.instanceBoard(), new AdminStats(engine, timeline), clock);
    Identities identities = new Identities(clock, random);
    Hosts hosts =
        new Hosts(builder.allowedHosts, builder.host, GatewayBuilder.isLoopback(builder.host));
    Routes routes =
        new Routes(
            new Origins(builder.allowedOrigins, hosts),
            hosts,
            endpoints(identities, calls),
            bodies,
            new PassThrough(
                upstreams, bodies, id -> engine.invalidateDocument(ResponsesCodec.document(id))),
            () -> {
              timeline.passed();
              meters.passed();
            },
            new Admin(
                engine,
                bodies,
                fleet,
                builder.adminToken,
                timeline,
                decisions,
                entryHits,
                breakdown,
                scopes.issuer(),
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
            new RequestObserver(
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
