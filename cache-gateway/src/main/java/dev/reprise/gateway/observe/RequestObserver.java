package dev.reprise.gateway.observe;

import dev.reprise.gateway.http.RequestReport;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.function.LongSupplier;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows each request from its coming to the last byte of its answer: the log, the trace. */
public final class RequestObserver extends Handler.Wrapper {
  /** The header that names the request as the log does: {@value}. */
  static final String ID = "X-Reprise-Request-Id";

  private static final Logger LOG = LoggerFactory.getLogger(RequestObserver.class);

  private final InstantSource clock;
  private final LongSupplier nanoseconds;
  private final LongSupplier identifiers;
  private final boolean keepsPrompts;
  private final @Nullable Tracing tracing;

  /**
   * @param handler answers the requests
   * @param identifiers gives each request a number of its own
   * @param keepsPrompts whether the log has the beginning of what was asked
   * @param tracing null where nothing is traced
   */
  public RequestObserver(
      Handler handler,
      InstantSource clock,
      LongSupplier nanoseconds,
      LongSupplier identifiers,
      boolean keepsPrompts,
      @Nullable Tracing tracing) {
    super(handler);
    this.clock = clock;
    this.nanoseconds = nanoseconds;
    this.identifiers = identifiers;
    this.keepsPrompts = keepsPrompts;
    this.tracing = tracing;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    RequestReport report =
        new RequestReport(
            HexFormat.of().toHexDigits(identifiers.getAsLong()),
            clock.instant(),
            nanoseconds,
            keepsPrompts);
    response.getHeaders().put(ID, report.id());
    Tracing.Trace trace = tracing == null ? null : tracing.begin(report, request);
    Request followed = trace == null ? request : trace.request();
    report.attach(followed);
    return super.handle(followed, response, new End(callback, report, followed, response, trace));
  }

  /** Is told that the answer was given, or broken off. */
  private static final class End extends Callback.Nested {
    private final RequestReport report;
    private final Request request;
    private final Response response;
    private final Tracing.@Nullable Trace trace;

    End(
        Callback callback,
        RequestReport report,
        Request request,
        Response response,
        Tracing.@Nullable Trace trace) {
      super(callback);
      this.report = report;
      this.request = request;
      this.response = response;
      this.trace = trace;
    }

    @Override
    public void succeeded() {
      tell(null);
      super.succeeded();
    }

    @Override
    public void failed(Throwable cause) {
      tell(cause);
      super.failed(cause);
    }

    /** Before Jetty is told: it recycles the request then. */
    private void tell(@Nullable Throwable failure) {
      try {
        RequestLog.write(report, request, response, failure);
        if (trace != null) {
          trace.end(response, failure);
        }
      } catch (Throwable e) {
        LOG.warn("A request could not be written to the log or the trace; it is answered", e);
      }
    }
  }
}
