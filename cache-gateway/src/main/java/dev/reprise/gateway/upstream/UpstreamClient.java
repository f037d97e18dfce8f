package dev.reprise.gateway.upstream;

import dev.reprise.gateway.http.ApiError;
import dev.reprise.gateway.http.ApiPath;
import dev.reprise.gateway.http.ForwardedHeaders.Header;
import dev.reprise.gateway.http.ReplyMemory;
import dev.reprise.gateway.request.Credentials;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.eclipse.jetty.http.HttpFields;

/** Calls the upstream. Safe for use by several threads. */
public final class UpstreamClient implements AutoCloseable {
  /** How long connecting may take: 10 s. */
  private static final Duration CONNECT_DEADLINE = Duration.ofSeconds(10);

  /** The path that clients and upstreams have in common: {@value}. */
  public static final String VERSION = "/v1";

  private final String base;
  private final String root;
  private final String ownKey;
  private final ClientKeys clientKeys;
  private final Duration patience;
  private final HttpClient client;
  private final ScheduledThreadPoolExecutor watch;

  /** What becomes of what a client shows to be let in. */
  public enum ClientKeys {
    /** The upstream sees it. */
    PASSED_ON,
    /** The upstream does not see it. */
    WITHHELD
  }

  /**
   * @param upstream the base URL as SDKs take it; without a path, {@value #VERSION} is meant
   * @param ownKey the key to send where the client sends none; empty for none
   * @param clientKeys what becomes of the keys of clients
   * @param patience how long the upstream may be silent
   */
  public UpstreamClient(URI upstream, String ownKey, ClientKeys clientKeys, Duration patience) {
    String path = upstream.getRawPath() == null ? "" : upstream.getRawPath();
    String trimmed = path.replaceAll("/+$", "");
    this.base =
        upstream.getScheme()
            + "://"
            + upstream.getRawAuthority()
            + (trimmed.isEmpty() ? VERSION : trimmed);
    this.root = base.replaceAll("(?:/openai/v1|/v1beta/openai|/v1beta|/v1|/openai|/api)$", "");
    this.ownKey = ownKey;
    this.clientKeys = clientKeys;
    this.patience = patience;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_DEADLINE)
            .followRedirects(HttpClient.Redirect.NEVER)
            // Over plain HTTP the client would ask each server to upgrade, which some refuse.
            .version(
                upstream.getScheme().equals("https")
                    ? HttpClient.Version.HTTP_2
                    : HttpClient.Version.HTTP_1_1)
            .build();
    this.watch =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "reprise-upstream-watch");
              thread.setDaemon(true);
              return thread;
            });
    watch.setRemoveOnCancelPolicy(true);
  }

  /** Returns where the upstream is. */
  public String base() {
    return base;
  }

  /** Returns the key that is sent where the client sends none; empty for none. */
  public String ownKey() {
    return ownKey;
  }

  /** Returns the key that {@link #call} sends for a request; empty for none. */
  String credential(HttpFields request, String query) {
    return clientKeys == ClientKeys.WITHHELD ? ownKey : Credentials.of(request, query, ownKey);
  }

  /**
   * Returns a call that is ready to be made.
   *
   * @param pathAndQuery of the client's address
   * @param replies what its reply takes
   */
  UpstreamCall call(
      String method,
      String pathAndQuery,
      List<Header> headers,
      HttpRequest.BodyPublisher body,
      ReplyMemory replies) {
    HttpRequest.Builder request;
    try {
      String address = clientKeys == ClientKeys.WITHHELD ? withoutKeys(pathAndQuery) : pathAndQuery;
      request = HttpRequest.newBuilder(URI.create(at(address))).method(method, body);
      boolean isSigned =
          clientKeys == ClientKeys.PASSED_ON && Credentials.isShownIn(query(pathAndQuery));
      for (Header header : headers) {
        if (clientKeys == ClientKeys.WITHHELD && Credentials.isSecret(header.name())) {
          continue;
        }
        request.header(header.name(), header.value());
        isSigned |= Credentials.isOne(header.name());
      }
      if (!isSigned && !ownKey.isEmpty()) {
        sign(request, pathAndQuery);
      }
    } catch (IllegalArgumentException e) {
      // Its message would repeat the address, with a key that may be in it.
      throw ApiError.ofClient(
              400,
              "invalid_request",
              "the request cannot be sent on: its address or a header has a character that is not"
                  + " allowed there")
          .exception();
    }
    return new UpstreamCall(client, request.build(), base, patience, watch, replies);
  }

  /**
   * Returns the whole address. Paths behind {@value #VERSION} are of the base, others of the root.
   */
  private String at(String pathAndQuery) {
    return pathAndQuery.startsWith(VERSION + "/") && !ApiPath.isOfGoogle(path(pathAndQuery))
        ? base + pathAndQuery.substring(VERSION.length())
        : root + pathAndQuery;
  }

  private static String path(String pathAndQuery) {
    int mark = pathAndQuery.indexOf('?');
    return mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark);
  }

  private static String query(String pathAndQuery) {
    int mark = pathAndQuery.indexOf('?');
    return mark < 0 ? "" : pathAndQuery.substring(mark + 1);
  }

  /** Shows the gateway's own key as the provider of that path wants to see it. */
  private void sign(HttpRequest.Builder request, String path) {
    if (path.startsWith("/openai/")) {
      request.header("api-key", ownKey);
    } else if (path.startsWith(VERSION + "/messages")) {
      request.header("x-api-key", ownKey);
    } else if (ApiPath.isOfGoogle(path(path)) && !path.contains("/openai/")) {
      request.header("x-goog-api-key", ownKey);
    } else {
      request.header("Authorization", "Bearer " + ownKey);
    }
  }

  private static String withoutKeys(String pathAndQuery) {
    String query = Credentials.withoutKeys(query(pathAndQuery));
    return path(pathAndQuery) + (query.isEmpty() ? "" : "?" + query);
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }
}
