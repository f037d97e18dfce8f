package dev.reprise.gateway.observe;

import dev.reprise.engine.Outcome;
import dev.reprise.engine.Stage;
import dev.reprise.gateway.admin.Admin;
import dev.reprise.gateway.http.ApiPath;
import dev.reprise.gateway.http.Exchange;
import dev.reprise.gateway.http.OutcomeHeaders;
import dev.reprise.gateway.http.RequestReport;
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
public final class RequestLog {
  /** The logger that has a line for each request: {@value}. */
  public static final String NAME = "dev.reprise.gateway.requests";

  private static final Logger LOG = LoggerFactory.getLogger(NAME);

  private RequestLog() {}

  /**
   * Writes the line.
   *
   * @param failure what broke the answer off; null where it was given
   */
  static void write(
      RequestReport report, Request request, Response response, @Nullable Throwable failure) {
    String path = String.valueOf(request.getHttpURI().getCanonicalPath());
    boolean isOfApi = ApiPath.isOfApi(path);
    LoggingEventBuilder line =
        isOfApi || isOfAdministrator(path, request, response) ? LOG.atInfo() : LOG.atDebug();
    HttpFields.Mutable headers = response.getHeaders();
    line = line.addKeyValue("request_id", report.id());
    line = line.addKeyValue("method", OutcomeHeaders.printable(request.getMethod()));
    line = line.addKeyValue("path", OutcomeHeaders.printable(path));
    line = line.addKeyValue("status", response.getStatus());
    String cache = headers.get(OutcomeHeaders.CACHE);
    if (isOfApi) {
      line = line.addKeyValue("outcome", outcome(cache, response.getStatus()));
    }
    line = text(line, "shadow", outcomeHeader(report, headers, OutcomeHeaders.SHADOW));
    line = text(line, "tier", outcomeHeader(report, headers, OutcomeHeaders.TIER));
    line = text(line, "model", report.model());
    line = number(line, "similarity", outcomeHeader(report, headers, OutcomeHeaders.SIMILARITY));
    line = line.addKeyValue("ms", milliseconds(report.elapsed()));
    Outcome outcome = report.outcome();
    if (outcome != null && outcome.timings().stages().containsKey(Stage.UPSTREAM)) {
      line =
          line.addKeyValue(
              "upstream_ms", milliseconds(outcome.timings().of(Stage.UPSTREAM).toNanos()));
    }
    line = text(line, "entry", outcomeHeader(report, headers, OutcomeHeaders.ENTRY));
    line = text(line, "reason", outcomeHeader(report, headers, OutcomeHeaders.REASON));
    String upstreamId = headers.get(Exchange.REQUEST_ID);
    if (upstreamId != null && !upstreamId.equals(report.id())) {
      line = text(line, "upstream_request_id", upstreamId);
    }
    if (failure != null) {
      line = line.addKeyValue("broken_off", failure.getClass().getSimpleName());
    }
    line = text(line, "prompt", report.prompt());
    line.log("request");
  }

  /** Returns whether an administrator did something, or was refused. Looking at it is no event. */
  private static boolean isOfAdministrator(String path, Request request, Response response) {
    boolean isLook = request.getMethod().equals("GET") && response.getStatus() < 400;
    return path.startsWith(Admin.PREFIX) && (!isLook || path.equals(Admin.EXPORT));
  }

  /** The head of a stream is written before it is known what becomes of the answer. */
  private static @Nullable String outcomeHeader(
      RequestReport report, HttpFields headers, String header) {
    String known = report.header(header);
    return known == null ? headers.get(header) : known;
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
