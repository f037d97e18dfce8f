package dev.reprise.gateway.request;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpFields;

/** What a client shows to be let in. */
public final class Credentials {
  /** OpenAI's header, Azure's, Anthropic's and others', Google's. */
  private static final List<String> HEADERS =
      List.of("authorization", "api-key", "x-api-key", "x-goog-api-key");

  /** The parameters of an address by which clients show a key: Google's first, then proxies'. */
  private static final Set<String> PARAMETERS =
      Set.of(
          "key",
          "access_token",
          "oauth_token",
          "api_key",
          "api-key",
          "apikey",
          "x-api-key",
          "x-goog-api-key",
          "subscription-key",
          "ocp-apim-subscription-key",
          "token",
          "auth",
          "authorization",
          "sig",
          "signature");

  /** What is in the names of headers that carry secrets. */
  private static final List<String> SECRET =
      List.of(
          "auth",
          "key",
          "token",
          "secret",
          "cookie",
          "credential",
          "signature",
          "jwt",
          "assertion");

  private static final String BEARER = "Bearer ";

  private Credentials() {}

  /** Returns whether {@code header} carries a key. */
  public static boolean isOne(String header) {
    return HEADERS.contains(header.toLowerCase(Locale.ROOT));
  }

  /**
   * Returns whether {@code header} may tell who the client is, by a key or otherwise: every
   * provider has a name of its own for it.
   */
  public static boolean isSecret(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    return isNamedAsSecret(name) && !NeutralHeaders.have(name);
  }

  /** Returns whether {@code name}, in lower case, is that of a secret. */
  static boolean isNamedAsSecret(String name) {
    return SECRET.stream().anyMatch(name::contains);
  }

  /** Returns the key that the headers of a request show; {@code other} where they show none. */
  public static String of(HttpFields request, String other) {
    return of(request, "", other);
  }

  /**
   * Returns the key that a request shows; {@code other} where it shows none.
   *
   * @param query the query of its address, empty where there is none
   */
  public static String of(HttpFields request, String query, String other) {
    List<String> names = new ArrayList<>();
    List<String> shown = new ArrayList<>();
    for (String header : HEADERS) {
      for (String value : request.getValuesList(header)) {
        names.add(header);
        shown.add(value);
      }
    }
    for (String parameter : query.split("&", -1)) {
      if (isKey(parameter)) {
        names.add("?" + nameOf(parameter));
        shown.add(valueOf(parameter));
      }
    }
    if (shown.isEmpty()) {
      return other;
    }
    if (shown.size() > 1) {
      // What the upstream makes of several is its own matter: together they are one key.
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < shown.size(); i++) {
        all.append(names.get(i)).append(": ").append(shown.get(i)).append('\n');
      }
      return all.toString();
    }
    String only = shown.get(0);
    return only.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? only.substring(BEARER.length()).strip()
        : only;
  }

  /** Returns {@code query} without the keys in it. */
  public static String withoutKeys(String query) {
    return isShownIn(query)
        ? Arrays.stream(query.split("&", -1))
            .filter(parameter -> !isKey(parameter))
            .collect(Collectors.joining("&"))
        : query;
  }

  /** Returns whether {@code query} shows a key. */
  public static boolean isShownIn(String query) {
    return Arrays.stream(query.split("&", -1)).anyMatch(Credentials::isKey);
  }

  private static boolean isKey(String parameter) {
    return !valueOf(parameter).isEmpty() && PARAMETERS.contains(nameOf(parameter));
  }

  private static String nameOf(String parameter) {
    return decoded(parameter.split("=", 2)[0]).toLowerCase(Locale.ROOT);
  }

  private static String valueOf(String parameter) {
    int end = parameter.indexOf('=');
    return end < 0 ? "" : decoded(parameter.substring(end + 1));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
