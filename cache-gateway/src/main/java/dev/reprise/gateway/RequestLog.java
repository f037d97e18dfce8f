package dev.reprise.gateway;

import dev.reprise.engine.Outcome;
import dev.reprise.engine.Stage;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes a line for each request: what was asked, what the cache did, how long it took. Never what
 * was said, unless the report keeps it, and never a key.
 */
final class RequestLog {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.REQUEST_LOG);

  private RequestLog() {}

  /**
   * Writes the line.
   *
   * @param failure what broke the answer off; null where it was given
   */
  static void write(
      RequestReport report, Request request, Response response, @Nullable Throwable failure) {
    String path = String.valueOf(request.getHttpURI().getCanonicalPath());
    boolean isOfApi = path.startsWith(UpstreamClient.VERSION + "/");
    LoggingEventBuilder line =
        isOfApi || path.startsWith(Admin.PREFIX) ? LOG.atInfo() : LOG.atDebug();
    HttpFields.Mutable headers = response.getHeaders();
    line = line.addKeyValue("request_id", report.id());
    line = line.addKeyValue("method", OutcomeHeaders.printable(request.getMethod()));
    line = line.addKeyValue("path", OutcomeHeaders.printable(path));
    line = line.addKeyValue("status", response.getStatus());
    String cache = headers.get(OutcomeHeaders.CACHE);
    if (isOfApi) {
      line = line.addKeyValue("outcome", outcome(cache, response.getStatus()));
    }
    line = text(line, "tier", headers.get(OutcomeHeaders.TIER));
    line = text(line, "model", report.model());
    line = number(line, "similarity", headers.get(OutcomeHeaders.SIMILARITY));
    line = line.addKeyValue("ms", milliseconds(report.elapsed()));
    Outcome outcome = report.outcome();
    if (outcome != null && outcome.timings().stages().containsKey(Stage.UPSTREAM)) {
      line =
          line.addKeyValue(
              "upstream_ms", milliseconds(outcome.timings().of(Stage.UPSTREAM).toNanos()));
    }
    line = text(line, "entry", headers.get(OutcomeHeaders.ENTRY));
    line = text(line, "reason", headers.get(OutcomeHeaders.REASON));
    line = text(line, "upstream_request_id", headers.get("x-request-id"));
    if (failure != null) {
      line = line.addKeyValue("broken_off", failure.getClass().getSimpleName());
    }
    line = text(line, "prompt", report.prompt());
    line.log("request");
  }

  private static String outcome(@Nullable String cache, int status) {
    if (cache != null) {
      return cache;
    }
    return status >= 400 ? "error" : "passed";
  }

  private static LoggingEventBuilder text(
      LoggingEventBuilder line, String key, @Nullable String value) {
    return value == null || value.isEmpty() ? line : line.addKeyValue(key, value);
  }

  private static LoggingEventBuilder number(
      LoggingEventBuilder line, String key, @Nullable String value) {
    return value == null ? line : line.addKeyValue(key, Double.parseDouble(value));
  }

  private static double milliseconds(long nanoseconds) {
    return Math.round(nanoseconds / 1e3) / 1e3;
  }
}
