package dev.reprise.gateway;

import java.util.List;
import java.util.Set;

/**
 * Headers of a request that neither shape its answer nor say for whom it is. All others that the
 * upstream is sent are in the key: what nobody knows may be either.
 */
final class NeutralHeaders {
  private static final Set<String> NAMES =
      Set.of(
          // What the client can read, and what it is.
          "accept",
          "accept-charset",
          "accept-encoding",
          "accept-language",
          "content-type",
          "user-agent",
          "save-data",
          "x-requested-with",
          "x-title",
          // Where and when it was sent from.
          "origin",
          "referer",
          "http-referer",
          "from",
          "date",
          "via",
          "forwarded",
          "x-real-ip",
          "cf-connecting-ip",
          "cf-ipcountry",
          "cf-ray",
          "cf-visitor",
          "true-client-ip",
          // How it is to be handled, and by which name it is known.
          "pragma",
          "priority",
          "dnt",
          "idempotency-key",
          "request-id",
          "x-request-id",
          "correlation-id",
          "x-correlation-id",
          "x-client-request-id",
          "x-ms-client-request-id",
          // Traces.
          "traceparent",
          "tracestate",
          "baggage",
          "b3",
          "sentry-trace",
          "uber-trace-id",
          "newrelic",
          "x-amzn-trace-id",
          "x-cloud-trace-context");

  private static final List<String> BEGINNINGS =
      List.of("x-stainless-", "x-forwarded-", "sec-", "x-b3-", "x-datadog-", "x-envoy-");

  private NeutralHeaders() {}

  /** Returns whether {@code name}, in lower case, is one of these. */
  static boolean have(String name) {
    return NAMES.contains(name) || BEGINNINGS.stream().anyMatch(name::startsWith);
  }
}
