package dev.reprise.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.StreamSubscriber;
import dev.reprise.gateway.http.ApiException;
import dev.reprise.gateway.http.EventWriter;
import dev.reprise.gateway.http.Exchange;
import dev.reprise.gateway.http.Failures;
import dev.reprise.gateway.http.OutcomeHeaders;
import dev.reprise.gateway.protocol.Protocol;
import dev.reprise.gateway.protocol.StreamChunk;
import dev.reprise.gateway.protocol.StreamRequest;
import dev.reprise.gateway.protocol.StreamRequest.Usage;
import dev.reprise.gateway.upstream.UpstreamStream;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Reason;
import dev.reprise.policy.UpstreamTemperature;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes one client's stream. */
final class AnswerStream implements StreamSubscriber<StreamChunk> {
  private final Exchange exchange;
  private final Protocol protocol;
  private final ObjectNode body;
  private final Usage usage;
  private final UpstreamStream source;
  private final @Nullable CacheRequest request;
  private final EventWriter writer;
  private volatile @Nullable Subscription subscription;
  private volatile Map<String, String> planned = OutcomeHeaders.miss();

  /**
   * @param body what the client asks
   * @param source this request's own call, whose headers are the answer's
   * @param request null where it could not be mapped
   */
  AnswerStream(
      Exchange exchange,
      Protocol protocol,
      ObjectNode body,
      UpstreamStream source,
      @Nullable CacheRequest request) {
    this.exchange = exchange;
    this.protocol = protocol;
    this.body = body;
    this.usage = StreamRequest.usage(body);
    this.source = source;
    this.request = request;
    this.writer = new EventWriter(exchange, this::gone);
  }

  @Override
  public void onBypass(Reason reason) {
    planned = OutcomeHeaders.bypass(reason);
  }

  @Override
  public void onShadow(Outcome.Shadow shadow) {
    planned = OutcomeHeaders.shadow(shadow);
  }

  @Override
  public void onWhole(Outcome.Answered outcome) {
    Map<String, String> headers = OutcomeHeaders.of(outcome, request);
    exchange.ended(outcome, headers);
    try {
      exchange.reserve(AnswerEndpoint.size(outcome.answer()));
    } catch (ApiException e) {
      Failures.answer(exchange, e);
      return;
    }
    String events = protocol.replay(outcome.answer(), body);
    exchange.beginEvents(headers, protocol.streamType());
    exchange.end(events);
  }

  @Override
  public void onChunk(StreamChunk chunk, Subscription given) {
    subscription = given;
    try {
      begin(chunk.temperature());
      String text = chunk.text(usage);
      if (!text.isEmpty()) {
        writer.write(text);
      }
    } catch (IOException e) {
      // The client is gone, or does not read. Others may still listen to the same stream.
      given.cancel();
      exchange.breakOff(e);
    }
  }

  private void gone() {
    Subscription running = subscription;
    if (running != null) {
      running.cancel();
    }
  }

  /** Begins the answer; one that joined another request's call has no headers of the upstream. */
  private void begin(UpstreamTemperature temperature) {
    if (!exchange.isBegun()) {
      exchange.upstreamHeaders(source.headers());
      Map<String, String> headers = new LinkedHashMap<>(planned);
      OutcomeHeaders.temperature(headers, temperature);
      exchange.beginEvents(headers, protocol.streamType());
    }
  }

  @Override
  public void onComplete(Outcome.Answered outcome) {
    exchange.ended(outcome, OutcomeHeaders.of(outcome, request));
    begin(outcome.temperature());
    writer.end(() -> exchange.end(""));
  }

  @Override
  public void onUnsatisfied(Outcome.Unsatisfied outcome) {
    Map<String, String> headers = OutcomeHeaders.of(outcome, request);
    exchange.ended(outcome, headers);
    exchange.json(504, headers, NotCached.error().body());
  }

  @Override
  public void onError(Throwable cause) {
    writer.end(() -> Failures.answer(exchange, cause));
  }
}
