package dev.reprise.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.StreamSubscriber;
import dev.reprise.gateway.StreamRequest.Usage;
import dev.reprise.model.CacheRequest;
import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes one client's stream. */
final class AnswerStream implements StreamSubscriber<Chunk> {
  private final Exchange exchange;
  private final Protocol protocol;
  private final ObjectNode body;
  private final Usage usage;
  private final UpstreamStream source;
  private final Supplier<Map<String, String>> planned;
  private final @Nullable CacheRequest request;

  /**
   * @param body what the client asks
   * @param source this request's own call, whose headers are the answer's
   * @param planned the headers of an answer that the upstream streams
   * @param request null where it could not be mapped
   */
  AnswerStream(
      Exchange exchange,
      Protocol protocol,
      ObjectNode body,
      UpstreamStream source,
      Supplier<Map<String, String>> planned,
      @Nullable CacheRequest request) {
    this.exchange = exchange;
    this.protocol = protocol;
    this.body = body;
    this.usage = StreamRequest.usage(body);
    this.source = source;
    this.planned = planned;
    this.request = request;
  }

  @Override
  public void onWhole(Outcome.Answered outcome) {
    exchange.ended(outcome);
    String events = protocol.replay(outcome.answer(), body);
    exchange.beginEvents(OutcomeHeaders.of(outcome, request));
    exchange.end(events);
  }

  @Override
  public void onChunk(Chunk chunk, Subscription subscription) {
    try {
      begin();
      String text = chunk.text(usage);
      if (!text.isEmpty()) {
        exchange.write(text);
      }
    } catch (IOException e) {
      // The client is gone, or does not read. Others may still listen to the same stream.
      subscription.cancel();
      exchange.breakOff(e);
    }
  }

  private void begin() {
    if (!exchange.isBegun()) {
      exchange.upstreamHeaders(source.headers());
      exchange.beginEvents(planned.get());
    }
  }

  @Override
  public void onComplete(Outcome.Answered outcome) {
    exchange.ended(outcome);
    begin();
    exchange.end("");
  }

  @Override
  public void onUnsatisfied(Outcome.Unsatisfied outcome) {
    exchange.ended(outcome);
    exchange.json(504, OutcomeHeaders.of(outcome, request), NotCached.error().body());
  }

  @Override
  public void onError(Throwable cause) {
    Failures.answer(exchange, cause);
  }
}
