package dev.reprise.gateway.http;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;

/** Which headers travel on between client and upstream, both ways. */
public final class ForwardedHeaders {
  /** What is of one connection only (RFC 9110, section 7.6.1), or is made anew for the next one. */
  private static final Set<String> OF_CONNECTION =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings",
          "host",
          "content-length",
          "expect");

  /** What is the gateway's own matter where an answer can be cached. */
  private static final Set<String> OF_CACHE = Set.of("cache-control", "accept-encoding", "cookie");

  private static final String OWN = "x-reprise-";

  /**
   * Which pages may read an answer is the gateway's to say: a hit has no headers of an upstream.
   */
  private static final String OF_PAGES = "access-control-";

  private ForwardedHeaders() {}

  /** One header that is sent on. */
  public record Header(String name, String value) {}

  /** Returns what of a request is sent on untouched. */
  public static List<Header> untouched(HttpFields request) {
    return select(request, Set.of());
  }

  /** Returns what of a request is sent on where its answer is read and can be stored. */
  public static List<Header> cacheable(HttpFields request) {
    List<Header> headers = select(request, OF_CACHE);
    headers.add(new Header("Accept-Encoding", "identity"));
    return headers;
  }

  private static List<Header> select(HttpFields request, Set<String> less) {
    Set<String> named = named(request.getValuesList("Connection"));
    List<Header> headers = new ArrayList<>();
    for (HttpField field : request) {
      String name = field.getLowerCaseName();
      if (!OF_CONNECTION.contains(name)
          && !named.contains(name)
          && !less.contains(name)
          && !name.startsWith(OWN)
          && field.getValue() != null) {
        headers.add(new Header(field.getName(), field.getValue()));
      }
    }
    return headers;
  }

  /** Gives what of an upstream's headers is sent on to the client. */
  static void back(Map<String, List<String>> reply, BiConsumer<String, String> client) {
    Set<String> named = named(reply.getOrDefault("connection", List.of()));
    reply.forEach(
        (name, values) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (!OF_CONNECTION.contains(lower)
              && !named.contains(lower)
              && !lower.startsWith(OWN)
              && !lower.startsWith(OF_PAGES)
              && !lower.startsWith(":")) {
            values.forEach(value -> client.accept(name, value));
          }
        });
  }

  /** Returns the lower-case names that a Connection header declares to be of one connection. */
  private static Set<String> named(List<String> connection) {
    Set<String> names = new HashSet<>();
    for (String value : connection) {
      for (String name : value.split(",", -1)) {
        names.add(name.strip().toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }
}
