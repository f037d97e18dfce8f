package dev.reprise.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.Upstream;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Reason;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests of one {@link Protocol}, from the cache or from the upstream. */
final class AnswerEndpoint implements JsonEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerEndpoint.class);

  private final Protocol protocol;
  private final CacheEngine engine;
  private final Calls calls;
  private final Upstreams upstreams;

  AnswerEndpoint(Protocol protocol, CacheEngine engine, Calls calls, Upstreams upstreams) {
    this.protocol = protocol;
    this.engine = engine;
    this.calls = calls;
    this.upstreams = upstreams;
  }

  @Override
  public void handle(Exchange exchange, byte[] bytes, ObjectNode body) {
    UpstreamClient upstream = upstreams.of(body);
    CallContext context = calls.context(exchange, upstream);
    Mapping mapping = map(bytes, body, context);
    OneRequest request = new OneRequest(exchange, upstream, context, bytes, body);
    if (StreamRequest.isStreamed(body)) {
      request.stream(mapping);
    } else {
      request.answer(mapping);
    }
  }

  /** What became of a body. */
  private sealed interface Mapping {
    /** It is in the cache's vocabulary. */
    record Mapped(CacheRequest request) implements Mapping {}

    /** It goes past the cache. */
    record Unmappable(Reason reason) implements Mapping {}
  }

  private Mapping map(byte[] bytes, ObjectNode body, CallContext context) {
    try {
      Optional<String> oddity = Json.oddity(bytes);
      if (oddity.isPresent()) {
        return unmappable(oddity.get());
      }
      return new Mapping.Mapped(protocol.map(body, context));
    } catch (UnmappableException e) {
      return unmappable(String.valueOf(e.getMessage()));
    } catch (ApiException e) {
      throw e;
    } catch (RuntimeException e) {
      // The cache's trouble is never the caller's.
      LOG.warn("A body could not be mapped; it bypasses the cache. This is a defect of Reprise", e);
      return unmappable("the body cannot be mapped: " + e.getClass().getSimpleName());
    }
  }

  private static Mapping unmappable(String why) {
    return new Mapping.Unmappable(new Reason(Reason.Code.UNMAPPABLE, why));
  }

  /** One request, and its own call of the upstream, if one is made. */
  private final class OneRequest implements Upstream<RuntimeException> {
    private final Exchange exchange;
    private final UpstreamClient upstream;
    private final CallContext context;
    private final byte[] bytes;
    private final ObjectNode body;
    private final String shown;
    private @Nullable UpstreamReply reply;

    OneRequest(
        Exchange exchange,
        UpstreamClient upstream,
        CallContext context,
        byte[] bytes,
        ObjectNode body) {
      this.exchange = exchange;
      this.upstream = upstream;
      this.context = context;
      this.bytes = bytes;
      this.body = body;
      this.shown = upstream.shown(exchange.headers());
    }

    private UpstreamCall asking(byte[] asked) {
      return upstream.call(
          "POST",
          Calls.target(exchange.request()),
          ForwardedHeaders.cacheable(exchange.headers()),
          HttpRequest.BodyPublishers.ofByteArray(asked));
    }

    // --- an answer that is awaited --------------------------------------------------------------

    void answer(Mapping mapping) {
      Outcome outcome;
      CacheRequest request = null;
      if (mapping instanceof Mapping.Unmappable unmappable) {
        outcome = engine.bypass(unmappable.reason(), context.control(), this);
      } else {
        request = ((Mapping.Mapped) mapping).request();
        outcome = engine.getOrCompute(request, this, protocol::check);
      }
      Map<String, String> headers = OutcomeHeaders.of(outcome, request);
      exchange.ended(outcome, headers);
      UpstreamReply own = reply;
      if (outcome instanceof Outcome.Unsatisfied) {
        exchange.json(504, headers, NotCached.error().body());
      } else if (own != null) {
        exchange.reply(own, headers);
      } else {
        Answer answer = ((Outcome.Answered) outcome).answer();
        exchange.json(200, headers, Json.bytes(protocol.decode(answer, body)));
      }
    }

    @Override
    public Answer call() {
      UpstreamReply given = asking(bytes).whole();
      Answer answer = given.isSuccess() ? read(given) : null;
      if (answer == null) {
        throw new UpstreamReply.PassedOn(given, shown);
      }
      reply = given;
      return answer;
    }

    @Override
    public boolean isEndedBy(Throwable failure) {
      return !UpstreamReply.PassedOn.isOfAnotherKey(failure, shown);
    }

    private @Nullable Answer read(UpstreamReply given) {
      try {
        return protocol.encode(Json.read(given.body())).orElse(null);
      } catch (IOException e) {
        return null;
      }
    }

    // --- a stream -------------------------------------------------------------------------------

    void stream(Mapping mapping) {
      UpstreamStream source = source(mapping);
      if (mapping instanceof Mapping.Unmappable unmappable) {
        AnswerStream client = new AnswerStream(exchange, protocol, body, source, null);
        engine.bypass(unmappable.reason(), context.control(), source, client);
      } else {
        CacheRequest request = ((Mapping.Mapped) mapping).request();
        AnswerStream client = new AnswerStream(exchange, protocol, body, source, request);
        engine.stream(request, source, client, protocol::check);
      }
    }

    private UpstreamStream source(Mapping mapping) {
      // A body that could not be mapped is sent on as it came, whatever is wrong with it.
      byte[] more = mapping instanceof Mapping.Mapped ? protocol.asking(bytes, body) : bytes;
      return more == bytes
          ? new UpstreamStream(asking(bytes), null, shown, protocol.collector())
          : new UpstreamStream(asking(more), asking(bytes), shown, protocol.collector());
    }
  }
}
