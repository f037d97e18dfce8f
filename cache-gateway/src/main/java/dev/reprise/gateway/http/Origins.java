package dev.reprise.gateway.http;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/*
 * A browser sends what any page asks of 127.0.0.1, with the key that the gateway has for clients that show none. It says from which
 * page: in "Origin" of every POST, and in "Sec-Fetch-Site" of what has no origin. A name that its owner points to 127.0.0.1 makes
 * that page's origin the gateway's own, so that at a loopback address only names of this machine are.
 */
/** Tells which web pages may use the gateway (Fetch standard, sections 3.1 and 3.2). */
public final class Origins {
  /** All pages: {@value}. */
  static final String ANY = "*";

  /** What a preflight's answer may be kept for, in seconds. */
  private static final String KEPT = "600";

  private final Set<String> allowed = new TreeSet<>();
  private final Hosts hosts;

  /**
   * @param allowed origins as browsers write them, or {@link #ANY}
   * @param hosts the names by which the gateway may be asked
   */
  public Origins(List<String> allowed, Hosts hosts) {
    allowed.forEach(origin -> this.allowed.add(origin.toLowerCase(Locale.ROOT)));
    this.hosts = hosts;
  }

  /**
   * Checks what an operator names.
   *
   * @throws IllegalArgumentException if it is neither an origin nor {@link #ANY}
   */
  public static void check(String origin) {
    if (!origin.equals(ANY) && !isOrigin(origin)) {
      throw new IllegalArgumentException(
          "an origin is as https://app.example:8443, without a path, or *: " + origin);
    }
  }

  private static boolean isOrigin(String origin) {
    try {
      URI uri = URI.create(origin);
      return uri.getScheme() != null
          && uri.getRawAuthority() != null
          && origin.equals(uri.getScheme() + "://" + uri.getRawAuthority());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Returns whether who sent these headers may use the gateway. */
  public boolean allow(HttpFields request) {
    String origin = request.get("Origin");
    if (origin == null) {
      return allowed.contains(ANY) || !"cross-site".equalsIgnoreCase(request.get("Sec-Fetch-Site"));
    }
    return isOther(origin) || isOwn(origin, request.get("Host"));
  }

  private boolean isOther(String origin) {
    return allowed.contains(ANY) || allowed.contains(origin.toLowerCase(Locale.ROOT));
  }

  /** Returns whether a page of the gateway itself asks. */
  private boolean isOwn(String origin, @Nullable String host) {
    if (host == null || !isOrigin(origin)) {
      return false;
    }
    URI page = URI.create(origin);
    return page.getRawAuthority().equalsIgnoreCase(host)
        && (!hosts.isChecked() || hosts.isAllowed(page.getHost()));
  }

  /** Lets a page that is allowed read what it is answered. */
  void answer(HttpFields request, HttpFields.Mutable response) {
    String origin = request.get("Origin");
    if (origin != null && isOther(origin)) {
      response.put("Access-Control-Allow-Origin", origin);
      response.put("Access-Control-Expose-Headers", "*");
      response.add("Vary", "Origin");
    }
  }

  /** Returns whether a browser asks whether it may ask. */
  public static boolean isPreflight(String method, HttpFields request) {
    return method.equals("OPTIONS")
        && request.contains("Origin")
        && request.contains("Access-Control-Request-Method");
  }

  /** Says that a page that is allowed may ask. */
  void answerPreflight(HttpFields request, HttpFields.Mutable response) {
    answer(request, response);
    response.put("Access-Control-Allow-Methods", request.get("Access-Control-Request-Method"));
    String headers = request.get("Access-Control-Request-Headers");
    if (headers != null) {
      response.put("Access-Control-Allow-Headers", headers);
    }
    response.put("Access-Control-Max-Age", KEPT);
  }
}
