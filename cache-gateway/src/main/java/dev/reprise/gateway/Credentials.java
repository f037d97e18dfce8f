package dev.reprise.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;

/** What a client shows to be let in. */
final class Credentials {
  /** OpenAI's header, Azure's, and that of others. */
  private static final List<String> HEADERS = List.of("authorization", "api-key", "x-api-key");

  /** What is in the names of headers that carry secrets. */
  private static final List<String> SECRET =
      List.of("auth", "key", "token", "secret", "cookie", "credential", "signature");

  private static final String BEARER = "Bearer ";

  private Credentials() {}

  /** Returns whether {@code header} carries a key. */
  static boolean isOne(String header) {
    return HEADERS.contains(header.toLowerCase(Locale.ROOT));
  }

  /**
   * Returns whether {@code header} may tell who the client is, by a key or otherwise: every
   * provider has a name of its own for it.
   */
  static boolean isSecret(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    return !NeutralHeaders.have(name) && SECRET.stream().anyMatch(name::contains);
  }

  /** Returns the key that a request shows; {@code other} where it shows none. */
  static String of(HttpFields request, String other) {
    List<String> shown = new ArrayList<>();
    for (String header : HEADERS) {
      shown.addAll(request.getValuesList(header));
    }
    if (shown.isEmpty()) {
      return other;
    }
    if (shown.size() > 1) {
      // What the upstream makes of several is its own matter: together they are one key.
      return String.join("\n", shown);
    }
    String only = shown.get(0);
    return only.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? only.substring(BEARER.length()).strip()
        : only;
  }
}
