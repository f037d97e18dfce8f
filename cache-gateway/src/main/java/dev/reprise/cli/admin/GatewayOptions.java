package dev.reprise.cli.admin;

import dev.reprise.cli.io.InputException;
import java.net.URI;
import picocli.CommandLine.Option;

/** Which gateway a command speaks to, and as whom: the options that say it. */
final class GatewayOptions {
  @Option(
      names = "--gateway",
      paramLabel = "URL",
      defaultValue = "${env:REPRISE_GATEWAY:-http://127.0.0.1:8080}",
      description =
          "The gateway's address. Default: the variable REPRISE_GATEWAY, else"
              + " http://127.0.0.1:8080.")
  private String gateway = "";

  @Option(
      names = "--admin-token",
      paramLabel = "TOKEN",
      defaultValue = "${env:REPRISE_ADMIN_TOKEN:-}",
      description =
          "The gateway's admin token. Other users of this machine can see options: prefer the"
              + " variable REPRISE_ADMIN_TOKEN.")
  private String adminToken = "";

  GatewayOptions() {}

  /**
   * Returns a client that shows the admin token.
   *
   * @throws InputException if there is no token, or the URL is none
   */
  GatewayClient administrator() {
    if (adminToken.isBlank()) {
      throw new InputException(
          "this needs the gateway's admin token: set REPRISE_ADMIN_TOKEN to what the gateway was"
              + " started with");
    }
    return client(adminToken);
  }

  /**
   * Returns a client that shows {@code key}.
   *
   * @param key an API key; empty for none
   * @throws InputException if the URL is none
   */
  GatewayClient client(String key) {
    try {
      // SDKs are given the address with /v1 behind it.
      URI base = URI.create(gateway.replaceFirst("/+$", "").replaceFirst("/v1$", ""));
      if (base.getHost() != null) {
        return new GatewayClient(base, key);
      }
    } catch (IllegalArgumentException e) {
      throw new InputException("--gateway " + gateway + " is no URL: " + e.getMessage(), e);
    }
    throw new InputException("--gateway " + gateway + " must be http://HOST:PORT");
  }
}
