package dev.reprise.gateway;

import dev.reprise.gateway.admin.Admin;
import dev.reprise.gateway.admin.DashboardPage;
import dev.reprise.gateway.http.ApiError;
import dev.reprise.gateway.http.ApiPath;
import dev.reprise.gateway.http.BodyMemory;
import dev.reprise.gateway.http.BodyReader;
import dev.reprise.gateway.http.CallSlots;
import dev.reprise.gateway.http.Exchange;
import dev.reprise.gateway.http.Failures;
import dev.reprise.gateway.http.Hosts;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.http.JsonEndpoint;
import dev.reprise.gateway.http.Origins;
import dev.reprise.gateway.observe.GatewayMeters;
import dev.reprise.gateway.upstream.PassThrough;
import dev.reprise.gateway.upstream.UpstreamClient;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Finds who answers a request. */
final class Routes extends Handler.Abstract {
  private static final String PREFIX = UpstreamClient.VERSION + "/";

  /** How many headers a request may have: {@value}. */
  static final int MOST_HEADERS = 200;

  private final Origins origins;
  private final Hosts hosts;
  private final Map<ApiPath.Kind, JsonEndpoint> endpoints;
  private final BodyReader bodies;
  private final PassThrough others;
  private final Runnable passed;
  private final Admin admin;
  private final DashboardPage dashboard;
  private final GatewayMeters meters;
  private final BooleanSupplier isReady;
  private final BodyMemory replies;
  private final CallSlots slots;

  /**
   * @param origins which web pages may ask
   * @param hosts by which names the gateway may be asked
   * @param endpoints who answers a POST by its protocol
   * @param others who answers everything else under /v1
   * @param passed counts what they are given
   * @param admin who answers administrators
   * @param dashboard what they look at
   * @param meters who answers Prometheus
   * @param isReady whether requests are welcome
   * @param replies what replies may take together
   * @param slots for calls of the API
   */
  Routes(
      Origins origins,
      Hosts hosts,
      Map<ApiPath.Kind, JsonEndpoint> endpoints,
      BodyReader bodies,
      PassThrough others,
      Runnable passed,
      Admin admin,
      DashboardPage dashboard,
      GatewayMeters meters,
      BooleanSupplier isReady,
      BodyMemory replies,
      CallSlots slots) {
    this.origins = origins;
    this.hosts = hosts;
    this.endpoints = Map.copyOf(endpoints);
    this.bodies = bodies;
    this.others = others;
    this.passed = passed;
    this.admin = admin;
    this.dashboard = dashboard;
    this.meters = meters;
    this.isReady = isReady;
    this.replies = replies;
    this.slots = slots;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Exchange exchange = new Exchange(request, response, callback, replies);
    try {
      route(exchange);
    } catch (Throwable e) {
      Failures.answer(exchange, e);
    }
    return true;
  }

  private void route(Exchange exchange) {
    String path = exchange.request().getHttpURI().getCanonicalPath();
    String raw = exchange.request().getHttpURI().getPath();
    JsonEndpoint endpoint = endpoint(exchange, path);
    HttpFields headers = exchange.headers();
    if (headers.size() > MOST_HEADERS) {
      exchange.error(
          ApiError.ofClient(
              431,
              "too_many_headers",
              "the request has " + headers.size() + " headers; at most " + MOST_HEADERS));
      return;
    }
    if (!isProbe(path) && !hosts.allow(headers, exchange.request().getHttpURI().getAuthority())) {
      exchange.error(
          ApiError.ofClient(
              403,
              "host_not_allowed",
              "this gateway may not be asked by that name (Host); --allow-host lists the names by"
                  + " which it may"));
      return;
    }
    if ((ApiPath.isOfApi(path) || path.startsWith(Admin.PREFIX)) && !origins.allow(headers)) {
      exchange.error(
          ApiError.ofClient(
              403,
              "origin_not_allowed",
              "web pages of other origins may not use this gateway; --allow-origin names those that"
                  + " may"));
      return;
    }
    if (path.equals("/livez")) {
      health(exchange, true);
    } else if (path.equals("/readyz")) {
      health(exchange, isReady.getAsBoolean());
    } else if (path.equals(GatewayMeters.PATH) && exchange.request().getMethod().equals("GET")) {
      meters.handle(exchange);
    } else if (path.startsWith(Admin.PREFIX)) {
      admin.handle(exchange, path);
    } else if (dashboard.has(path) && exchange.request().getMethod().equals("GET")) {
      dashboard.handle(exchange, path);
    } else if (!ApiPath.isOfApi(path) || !ApiPath.isOfApi(raw) || raw.contains("/..")) {
      exchange.error(
          ApiError.ofClient(404, "not_found", "there is nothing here; the API is under " + PREFIX));
    } else if (Origins.isPreflight(exchange.request().getMethod(), headers)) {
      exchange.preflight(origins);
    } else {
      exchange.readableFor(origins);
      api(exchange, endpoint);
    }
  }

  private @Nullable JsonEndpoint endpoint(Exchange exchange, String path) {
    ApiPath known = ApiPath.of(path).orElse(null);
    // Google's stream that is no stream of events is one long list, which is handed on.
    boolean isList =
        known != null
            && known.kind() == ApiPath.Kind.GEMINI_STREAM
            && !ApiPath.asksForEvents(exchange.query());
    return known == null || isList ? null : endpoints.get(known.kind());
  }

  private void api(Exchange exchange, @Nullable JsonEndpoint endpoint) {
    if (endpoint != null && exchange.request().getMethod().equals("POST")) {
      bodies.handle(
          exchange,
          (same, bytes, body) -> slots.run(same, () -> endpoint.handle(same, bytes, body)));
    } else {
      passed.run();
      others.handle(exchange);
    }
  }

  /** Probes tell nothing that a stranger could use, and come by all kinds of names. */
  private static boolean isProbe(String path) {
    return path.equals("/livez") || path.equals("/readyz");
  }

  private static void health(Exchange exchange, boolean isWell) {
    exchange.json(
        isWell ? 200 : 503,
        Map.of(),
        Json.bytes(Json.object().put("status", isWell ? "ok" : "stopping")));
  }
}
