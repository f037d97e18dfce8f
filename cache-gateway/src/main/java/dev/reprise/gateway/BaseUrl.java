package dev.reprise.gateway;

import java.net.URI;
import java.util.regex.Pattern;

/** The base URL of an upstream. */
final class BaseUrl {
  /** What stands behind a base URL where the address of an endpoint is given in its place. */
  private static final Pattern ENDPOINT =
      Pattern.compile("/(?:chat/completions|completions|responses|embeddings|models|messages)/*$");

  private BaseUrl() {}

  /**
   * Returns the base of {@code upstream}, which may be the address of one of its endpoints.
   *
   * @param option which option names it
   * @throws IllegalArgumentException if it is no URL of a model API
   */
  static URI of(String option, URI upstream) {
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
}
