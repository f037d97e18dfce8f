package dev.reprise.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.Upstream;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Reason;
import dev.reprise.policy.CachePolicy;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Answers the requests of one {@link Protocol}, from the cache or from the upstream. */
final class AnswerEndpoint implements JsonEndpoint {
  private final Protocol protocol;
  private final CacheEngine engine;
  private final CachePolicy policy;
  private final Calls calls;
  private final UpstreamClient upstream;

  AnswerEndpoint(
      Protocol protocol,
      CacheEngine engine,
      CachePolicy policy,
      Calls calls,
      UpstreamClient upstream) {
    this.protocol = protocol;
    this.engine = engine;
    this.policy = policy;
    this.calls = calls;
    this.upstream = upstream;
  }

  @Override
  public void handle(Exchange exchange, byte[] bytes, ObjectNode body) {
    CallContext context = calls.context(exchange);
    Mapping mapping = map(bytes, body, context);
    if (StreamRequest.isStreamed(body)) {
      stream(exchange, bytes, body, context, mapping);
    } else {
      answer(exchange, bytes, body, context, mapping);
    }
  }

  /** What became of a body: one of the two is there. */
  private record Mapping(@Nullable CacheRequest request, @Nullable Reason reason) {}

  private Mapping map(byte[] bytes, ObjectNode body, CallContext context) {
    try {
      if (!Json.hasUniqueNames(bytes)) {
        throw new UnmappableException("an object of the body has two members with one name");
      }
      return new Mapping(protocol.map(body, context), null);
    } catch (UnmappableException e) {
      return new Mapping(null, new Reason(Reason.Code.UNMAPPABLE, String.valueOf(e.getMessage())));
    }
  }

  private UpstreamCall call(Exchange exchange, byte[] body) {
    return upstream.call(
        "POST",
        Calls.target(exchange.request()),
        ForwardedHeaders.cacheable(exchange.headers()),
        HttpRequest.BodyPublishers.ofByteArray(body));
  }

  // --- answers that are awaited -----------------------------------------------------------------

  private void answer(
      Exchange exchange, byte[] bytes, ObjectNode body, CallContext context, Mapping mapping) {
    OwnCall own = new OwnCall(exchange, bytes);
    CacheRequest request = mapping.request();
    Outcome outcome;
    if (request != null) {
      outcome = engine.getOrCompute(request, own, protocol::check);
    } else {
      Reason reason = Objects.requireNonNull(mapping.reason());
      outcome = engine.bypass(reason, context.control(), own);
    }
    exchange.ended(outcome);
    Map<String, String> headers = OutcomeHeaders.of(outcome, request);
    UpstreamReply reply = own.reply;
    if (outcome instanceof Outcome.Unsatisfied) {
      exchange.json(504, headers, NotCached.error().body());
    } else if (reply != null) {
      exchange.reply(reply, headers);
    } else {
      Answer answer = ((Outcome.Answered) outcome).answer();
      exchange.json(200, headers, Json.bytes(protocol.decode(answer, body)));
    }
  }

  /** This request's own call of the upstream, if one is made. */
  private final class OwnCall implements Upstream<RuntimeException> {
    private final Exchange exchange;
    private final byte[] body;
    private @Nullable UpstreamReply reply;

    OwnCall(Exchange exchange, byte[] body) {
      this.exchange = exchange;
      this.body = body;
    }

    @Override
    public Answer call() {
      UpstreamReply given = AnswerEndpoint.this.call(exchange, body).whole();
      Answer answer = given.isSuccess() ? read(given) : null;
      if (answer == null) {
        throw new UpstreamReply.PassedOn(given);
      }
      reply = given;
      return answer;
    }

    private @Nullable Answer read(UpstreamReply reply) {
      try {
        JsonNode node = Json.read(reply.body());
        return protocol.encode(node).orElse(null);
      } catch (IOException e) {
        return null;
      }
    }
  }

  // --- streams ----------------------------------------------------------------------------------

  private void stream(
      Exchange exchange, byte[] bytes, ObjectNode body, CallContext context, Mapping mapping) {
    byte[] asking = protocol.asking(bytes, body);
    UpstreamStream source = new UpstreamStream(call(exchange, asking), protocol.collector());
    CacheRequest request = mapping.request();
    if (request != null) {
      CachePolicy now = policy.current();
      AnswerStream client =
          new AnswerStream(
              exchange,
              protocol,
              body,
              source,
              () -> OutcomeHeaders.planned(now, request),
              request);
      engine.stream(request, source, client, protocol::check);
    } else {
      Reason reason = Objects.requireNonNull(mapping.reason());
      AnswerStream client =
          new AnswerStream(
              exchange, protocol, body, source, () -> OutcomeHeaders.bypass(reason), null);
      engine.bypass(reason, context.control(), source, client);
    }
  }
}
