package dev.reprise.cli.serve;

import dev.reprise.cli.io.Version;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** OpenTelemetry's SDK, which sends spans in the background and drops what it cannot send. */
final class Traces {
  private static final String PATH = "/v1/traces";
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private Traces() {}

  /**
   * Returns one that sends to {@code endpoint}.
   *
   * @param endpoint the base URL, to which /v1/traces is added
   * @param ratio the share of requests that are traced, of those that no client traces
   * @param environment may name the service and headers, as the SDK's own variables do
   */
  static OpenTelemetry exporting(URI endpoint, double ratio, Map<String, String> environment) {
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint.toString().replaceAll("/+$", "") + PATH)
            .setConnectTimeout(DEADLINE)
            .setTimeout(DEADLINE);
    for (String header :
        environment.getOrDefault("OTEL_EXPORTER_OTLP_HEADERS", "").split(",", -1)) {
      int equals = header.indexOf('=');
      if (equals > 0) {
        exporter.addHeader(
            header.substring(0, equals).strip(),
            URLDecoder.decode(header.substring(equals + 1).strip(), StandardCharsets.UTF_8));
      }
    }
    Resource resource =
        Resource.getDefault()
            .merge(
                Resource.create(
                    Attributes.builder()
                        .put(
                            "service.name",
                            environment.getOrDefault("OTEL_SERVICE_NAME", "reprise"))
                        .put("service.version", String.valueOf(Version.number()))
                        .build()));
    return OpenTelemetrySdk.builder()
        .setTracerProvider(
            SdkTracerProvider.builder()
                .setResource(resource)
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(ratio)))
                .addSpanProcessor(
                    BatchSpanProcessor.builder(exporter.build())
                        .setExporterTimeout(DEADLINE)
                        .build())
                .build())
        .build();
  }
}
