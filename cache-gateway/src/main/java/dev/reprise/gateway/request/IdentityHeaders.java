package dev.reprise.gateway.request;

import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;

/**
 * Headers by which login proxies and gateways tell who a user is. They divide answers, whatever is
 * configured: two users behind one proxy show the same key.
 */
public final class IdentityHeaders {
  private static final Set<String> NAMES =
      Set.of(
          "from",
          // oauth2-proxy, Keycloak Gatekeeper, Pomerium and nginx's auth_request.
          "x-forwarded-user",
          "x-forwarded-email",
          "x-forwarded-preferred-username",
          "x-forwarded-groups",
          "x-forwarded-roles",
          "x-forwarded-access-token",
          "x-forwarded-id-token",
          "x-forwarded-client-cert",
          "x-forwarded-tls-client-cert",
          "x-forwarded-tls-client-cert-info",
          "x-userinfo",
          "x-user",
          "x-email",
          "x-vouch-user",
          "x-webauth-user",
          "x-webauth-email",
          "x-webauth-name",
          "x-webauth-groups",
          "remote-user",
          "remote-groups",
          "remote-name",
          "remote-email",
          "x-remote-user",
          "x-remote-group",
          "x-authenticated-user",
          "x-authenticated-userid",
          "x-authenticated-email",
          "x-authenticated-groups",
          "x-credential-identifier",
          "x-credential-username",
          "x-anonymous-consumer",
          "x-appengine-user-email",
          "x-appengine-user-id",
          "x-appengine-user-nickname",
          "x-appengine-auth-domain",
          "x-appengine-user-organization",
          "ssl-client-cert",
          "x-ssl-client-cert",
          "x-ssl-client-dn",
          "x-ssl-client-s-dn",
          "x-client-cert",
          "x-arr-clientcert",
          "x-endpoint-api-userinfo",
          "x-apigateway-api-userinfo");

  private static final List<String> BEGINNINGS =
      List.of(
          "x-auth-request-",
          "x-auth-user",
          "x-auth-email",
          "cf-access-",
          "x-amzn-oidc-",
          "x-amzn-mtls-",
          "x-goog-iap-",
          "x-goog-authenticated-user-",
          "x-ms-client-principal",
          "x-ms-token-",
          "x-pomerium-",
          "x-authentik-",
          "x-consumer-",
          "x-tailscale-user-",
          "tailscale-user-",
          "x-teleport-",
          "x-forwarded-user-",
          "x-keycloak-",
          "x-token-user-",
          "x-openwebui-user-",
          "x-librechat-user-",
          "x-nextcloud-user-",
          "helicone-user-id",
          "x-helicone-user-id");

  private IdentityHeaders() {}

  /** Returns whether {@code name}, in lower case, is one of these. */
  public static boolean have(String name) {
    return NAMES.contains(name) || BEGINNINGS.stream().anyMatch(name::startsWith);
  }

  /** Returns what the headers of a request say of its user, in one order; empty for nothing. */
  public static String of(HttpFields request) {
    TreeMap<String, String> found = new TreeMap<>();
    for (HttpField field : request) {
      String name = field.getLowerCaseName();
      if (have(name) && field.getValue() != null) {
        found.merge(name, name + ": " + field.getValue(), (one, other) -> one + "\n" + other);
      }
    }
    return String.join("\n", found.values());
  }
}
