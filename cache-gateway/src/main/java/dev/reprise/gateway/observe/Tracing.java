package dev.reprise.gateway.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.Stage;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.http.OutcomeHeaders;
import dev.reprise.gateway.http.RequestReport;
import dev.reprise.gateway.upstream.UpstreamClient;
import dev.reprise.model.TokenUsage;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/*
 * Names by OpenTelemetry's semantic conventions for generative AI and for HTTP servers. The stages are told after the event, from the
 * times that the outcome carries: they are laid end to end before the moment of the outcome.
 */
/**
 * Makes a span of each request under /v1 and one of each stage that it went through. No span holds
 * what was said.
 */
public final class Tracing {
  private static final String PREFIX = UpstreamClient.VERSION + "/";

  /** Who speaks this protocol, by the conventions' list; what stands behind it is not known. */
  private static final String PROVIDER = "openai";

  private static final Map<String, String> OPERATIONS =
      Map.of("/chat/completions", "chat", "/responses", "chat", "/embeddings", "embeddings");

  private final Tracer tracer;
  private final TextMapPropagator propagator = W3CTraceContextPropagator.getInstance();

  public Tracing(OpenTelemetry telemetry) {
    this.tracer = telemetry.getTracer("dev.reprise.gateway");
  }

  /** Begins the span of {@code request}; null where it is not traced. */
  @Nullable Trace begin(RequestReport report, Request request) {
    String path = request.getHttpURI().getCanonicalPath();
    if (path == null || !path.startsWith(PREFIX)) {
      return null;
    }
    Context parent = propagator.extract(Context.root(), request.getHeaders(), new Headers());
    Span span =
        tracer
            .spanBuilder(request.getMethod())
            .setParent(parent)
            .setSpanKind(SpanKind.SERVER)
            .setStartTimestamp(report.began())
            .setAttribute("http.request.method", request.getMethod())
            .setAttribute("url.path", path)
            .setAttribute("url.scheme", String.valueOf(request.getHttpURI().getScheme()))
            .startSpan();
    return new Trace(report, request, path, span, parent.with(span));
  }

  /** The span of one request. */
  final class Trace {
    private final RequestReport report;
    private final String path;
    private final Span span;
    private final Context context;
    private final Request request;

    private Trace(RequestReport report, Request request, String path, Span span, Context context) {
      this.report = report;
      this.path = path;
      this.span = span;
      this.context = context;
      HttpFields.Mutable headers = HttpFields.build(request.getHeaders());
      propagator.inject(context, headers, (fields, name, value) -> fields.put(name, value));
      HttpFields sentOn = headers.asImmutable();
      this.request =
          new Request.Wrapper(request) {
            @Override
            public HttpFields getHeaders() {
              return sentOn;
            }
          };
    }

    /** Returns the request, whose headers name this span as the parent of what follows. */
    Request request() {
      return request;
    }

    /**
     * Ends it.
     *
     * @param failure what broke the answer off; null where it was given
     */
    void end(Response response, @Nullable Throwable failure) {
      long end = report.elapsed();
      if (span.isRecording()) {
        describe(response, failure);
        Outcome outcome = report.outcome();
        if (outcome != null) {
          answer(outcome);
          stages(outcome);
        }
      }
      span.end(at(end));
    }

    private void describe(Response response, @Nullable Throwable failure) {
      String operation = OPERATIONS.get(path.substring(UpstreamClient.VERSION.length()));
      if (operation != null) {
        span.updateName((operation + " " + report.model()).strip());
        span.setAttribute("gen_ai.operation.name", operation);
        span.setAttribute("gen_ai.provider.name", PROVIDER);
        set("gen_ai.request.model", report.model());
      }
      int status = response.getStatus();
      span.setAttribute("http.response.status_code", status);
      if (failure != null) {
        span.setAttribute("error.type", failure.getClass().getName());
        span.setStatus(StatusCode.ERROR);
      } else if (status >= 400) {
        span.setAttribute("error.type", String.valueOf(status));
        if (status >= 500) {
          span.setStatus(StatusCode.ERROR);
        }
      }
      HttpFields headers = response.getHeaders();
      set("reprise.request_id", report.id());
      set("reprise.cache.outcome", headers.get(OutcomeHeaders.CACHE));
      set("reprise.cache.shadow", headers.get(OutcomeHeaders.SHADOW));
      set("reprise.cache.tier", headers.get(OutcomeHeaders.TIER));
      set("reprise.cache.entry", headers.get(OutcomeHeaders.ENTRY));
      set("reprise.cache.reason", headers.get(OutcomeHeaders.REASON));
    }

    private void set(String name, @Nullable String value) {
      if (value != null && !value.isEmpty()) {
        span.setAttribute(name, value);
      }
    }

    private void answer(Outcome outcome) {
      if (outcome instanceof Outcome.Hit hit) {
        span.setAttribute("reprise.cache.age_seconds", hit.age().toSeconds());
        span.setAttribute("reprise.cache.saved_ms", hit.saving().time().toMillis());
      }
      if (outcome instanceof Outcome.SemanticHit hit) {
        span.setAttribute("reprise.cache.similarity", hit.similarity().cosine());
        span.setAttribute("reprise.cache.confidence", hit.confidence());
      }
      if (outcome instanceof Outcome.CuratedHit hit) {
        set("reprise.cache.curated", hit.id());
        span.setAttribute("reprise.cache.curated_version", hit.version());
        span.setAttribute("reprise.cache.confidence", hit.confidence());
      }
      if (outcome instanceof Outcome.Answered answered) {
        set("gen_ai.response.model", model(answered));
        if (answered.answer().usage() instanceof TokenUsage.Known usage) {
          span.setAttribute("gen_ai.usage.input_tokens", usage.inputTokens());
          span.setAttribute("gen_ai.usage.output_tokens", usage.outputTokens());
        }
      }
    }

    private static String model(Outcome.Answered answered) {
      try {
        return Json.read(answered.answer().payload()).path("model").asText("");
      } catch (JsonProcessingException e) {
        return "";
      }
    }

    private void stages(Outcome outcome) {
      Map<Stage, Duration> stages = outcome.timings().stages();
      long sum = stages.values().stream().mapToLong(Duration::toNanos).sum();
      long start = Math.max(0, report.outcomeAt() - sum);
      for (Map.Entry<Stage, Duration> stage : stages.entrySet()) {
        long end = start + stage.getValue().toNanos();
        tracer
            .spanBuilder("reprise." + stage.getKey().name().toLowerCase(Locale.ROOT))
            .setParent(context)
            .setSpanKind(stage.getKey() == Stage.UPSTREAM ? SpanKind.CLIENT : SpanKind.INTERNAL)
            .setStartTimestamp(at(start))
            .startSpan()
            .end(at(end));
        start = end;
      }
    }

    private Instant at(long nanoseconds) {
      return report.began().plusNanos(nanoseconds);
    }
  }

  /** Reads the headers of a request. */
  private static final class Headers implements TextMapGetter<HttpFields> {
    @Override
    public @Nullable String get(@Nullable HttpFields fields, String name) {
      return fields == null ? null : fields.get(name);
    }
  }
}
