package dev.reprise.cli.serve;

import dev.reprise.cli.io.InputException;
import dev.reprise.gateway.GatewayBuilder;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where traces go. */
final class TraceOptions {
  @Option(
      names = "--otlp-endpoint",
      paramLabel = "URL",
      description =
          "The collector for traces, OTLP over HTTP: http://127.0.0.1:4318. Default: the variable"
              + " OTEL_EXPORTER_OTLP_ENDPOINT, else no tracing.")
  private Optional<String> endpoint = Optional.empty();

  @Option(
      names = "--trace-ratio",
      paramLabel = "SHARE",
      defaultValue = "1.0",
      description =
          "The share of requests that are traced, from 0 to 1. A client's own trace decides for"
              + " itself. Default: ${DEFAULT-VALUE}.")
  private double ratio = 1;

  TraceOptions() {}

  /**
   * Has {@code gateway} trace, where an endpoint is named.
   *
   * @param environment may name the service (OTEL_SERVICE_NAME) and headers for the endpoint
   *     (OTEL_EXPORTER_OTLP_HEADERS)
   * @throws InputException if a value cannot be used
   */
  void tell(GatewayBuilder gateway, Map<String, String> environment) {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new InputException("--trace-ratio: is " + ratio + ", but must be from 0 to 1");
    }
    if (endpoint.isEmpty() || endpoint.get().isBlank()) {
      return;
    }
    URI url;
    try {
      url = URI.create(endpoint.get().strip());
    } catch (IllegalArgumentException e) {
      throw new InputException("--otlp-endpoint: is no URL: " + e.getMessage(), e);
    }
    if (url.getHost() == null
        || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
      throw new InputException("--otlp-endpoint: must be http://HOST:PORT or https://HOST:PORT");
    }
    gateway.telemetry(Traces.exporting(url, ratio, environment));
  }
}
