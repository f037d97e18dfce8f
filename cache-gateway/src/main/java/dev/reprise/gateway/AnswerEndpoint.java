package dev.reprise.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.Reply;
import dev.reprise.engine.Served;
import dev.reprise.engine.Upstream;
import dev.reprise.gateway.http.ApiException;
import dev.reprise.gateway.http.Exchange;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.http.JsonEndpoint;
import dev.reprise.gateway.http.OutcomeHeaders;
import dev.reprise.gateway.http.UpstreamReply;
import dev.reprise.gateway.protocol.ForcedCall;
import dev.reprise.gateway.protocol.Protocol;
import dev.reprise.gateway.protocol.ProtocolAnswers;
import dev.reprise.gateway.request.CallContext;
import dev.reprise.gateway.upstream.UpstreamAttempts;
import dev.reprise.gateway.upstream.UpstreamClient;
import dev.reprise.gateway.upstream.UpstreamRequest;
import dev.reprise.gateway.upstream.UpstreamStream;
import dev.reprise.gateway.upstream.Upstreams;
import dev.reprise.integration.internal.Mapping;
import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Reason;
import dev.reprise.policy.UpstreamTemperature;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests of one {@link Protocol}, from the cache or from the upstream. */
final class AnswerEndpoint implements JsonEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerEndpoint.class);

  private final Protocol protocol;
  private final CacheEngine engine;
  private final CallContextReader calls;
  private final Upstreams upstreams;

  AnswerEndpoint(
      Protocol protocol, CacheEngine engine, CallContextReader calls, Upstreams upstreams) {
    this.protocol = protocol;
    this.engine = engine;
    this.calls = calls;
    this.upstreams = upstreams;
  }

  @Override
  public void handle(Exchange exchange, byte[] bytes, ObjectNode body) {
    ObjectNode essential = calls.essential(exchange, body);
    UpstreamClient upstream = upstreams.of(essential);
    CallContext context = calls.context(exchange, upstream);
    Mapping mapping = map(bytes, essential, context);
    OneRequest one = new OneRequest(exchange, UpstreamRequest.of(exchange, upstream), bytes, body);
    if (protocol.isStreamed(body)) {
      stream(one, mapping);
    } else {
      answer(one, mapping);
    }
  }

  private Mapping map(byte[] bytes, ObjectNode body, CallContext context) {
    try {
      Optional<String> oddity = Json.oddity(bytes);
      if (oddity.isPresent()) {
        return unmappable(oddity.get(), context);
      }
      calls.lookedUp().check(body);
      return new Mapping.Mapped(protocol.map(body, context));
    } catch (UnmappableException e) {
      return new Mapping.Unmapped(e.reason(), context.control());
    } catch (ApiException e) {
      throw e;
    } catch (RuntimeException e) {
      // The cache's trouble is never the caller's.
      LOG.warn("A body could not be mapped; it bypasses the cache. This is a defect of Reprise", e);
      return unmappable("the body cannot be mapped: " + e.getClass().getSimpleName(), context);
    }
  }

  private static Mapping unmappable(String why, CallContext context) {
    return new Mapping.Unmapped(new Reason(Reason.Code.UNMAPPABLE, why), context.control());
  }

  /**
   * What the upstream answered to one call.
   *
   * @param temperature at which temperature it was asked
   */
  private record OwnReply(UpstreamReply reply, UpstreamTemperature temperature) {}

  /**
   * One request's own call of the upstream, if one is made. It holds nothing that ends with the
   * request: a hit is checked after the request was answered.
   */
  private record OwnCall(
      Protocol protocol,
      UpstreamRequest asked,
      UpstreamAttempts attempts,
      UnaryOperator<Answer> form)
      implements Upstream<OwnReply, RuntimeException> {
    @Override
    public Reply<OwnReply> call() {
      return call(UpstreamTemperature.AS_REQUESTED);
    }

    @Override
    public Reply<OwnReply> call(UpstreamTemperature temperature) {
      UpstreamAttempts.Attempt attempt = attempts.first(temperature);
      UpstreamReply given = attempts.call(attempt).whole();
      Optional<UpstreamAttempts.Attempt> less = attempts.after(attempt, given);
      if (less.isPresent()) {
        attempt = less.get();
        given = attempts.call(attempt).whole();
      }
      Answer answer = given.isSuccess() ? read(given) : null;
      if (answer == null) {
        throw asked.passedOn(given);
      }
      attempts.accepted(attempt);
      return new Reply<>(answer, new OwnReply(given, attempt.temperature()));
    }

    private @Nullable Answer read(UpstreamReply given) {
      try {
        return protocol.encode(Json.read(given.body())).map(form).orElse(null);
      } catch (IOException e) {
        return null;
      }
    }

    @Override
    public boolean isEndedBy(Throwable failure) {
      return asked.isEndedBy(failure);
    }
  }

  /** One request. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record OneRequest(
      Exchange exchange, UpstreamRequest asked, byte[] bytes, ObjectNode body) {}

  private UpstreamAttempts attempts(OneRequest one, Mapping mapping) {
    // A body that could not be mapped is sent on as it came, whatever is wrong with it.
    UpstreamAttempts.Extra usage =
        mapping instanceof Mapping.Mapped
            ? UpstreamAttempts.Extra.ASKED
            : UpstreamAttempts.Extra.LEFT_OUT;
    return new UpstreamAttempts(
        protocol,
        one.bytes(),
        one.body(),
        usage,
        one.asked()::call,
        () -> mapping.temperatureRefused(engine));
  }

  private void answer(OneRequest one, Mapping mapping) {
    OwnCall call = new OwnCall(protocol, one.asked(), attempts(one, mapping), form(mapping));
    Served<OwnReply> served = mapping.serve(engine, call, new ProtocolAnswers(protocol));
    Exchange exchange = one.exchange();
    Map<String, String> headers = OutcomeHeaders.of(served.outcome(), request(mapping));
    served.own().ifPresent(own -> OutcomeHeaders.temperature(headers, own.temperature()));
    exchange.ended(served.outcome(), headers);
    if (served.own().isPresent()) {
      exchange.reply(served.own().get().reply(), headers);
    } else if (served.outcome() instanceof Outcome.Answered answered) {
      exchange.reserve(size(answered.answer()));
      exchange.json(200, headers, Json.bytes(protocol.decode(answered.answer(), one.body())));
    } else {
      exchange.json(504, headers, NotCached.error().body());
    }
  }

  /** Returns about how many characters an answer is written in. */
  static long size(Answer answer) {
    return (long) answer.text().length() + answer.payload().length();
  }

  private void stream(OneRequest one, Mapping mapping) {
    UpstreamStream source =
        new UpstreamStream(
            attempts(one, mapping),
            one.asked().credential(),
            one.asked().replies().share(),
            form(mapping));
    AnswerStream client =
        new AnswerStream(one.exchange(), protocol, one.body(), source, request(mapping));
    mapping.stream(engine, source, client, new ProtocolAnswers(protocol));
  }

  private static UnaryOperator<Answer> form(Mapping mapping) {
    CacheRequest request = request(mapping);
    return request == null ? UnaryOperator.identity() : ForcedCall.form(request);
  }

  private static @Nullable CacheRequest request(Mapping mapping) {
    return mapping instanceof Mapping.Mapped mapped ? mapped.request() : null;
  }
}
