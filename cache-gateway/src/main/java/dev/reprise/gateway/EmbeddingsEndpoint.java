package dev.reprise.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.Reply;
import dev.reprise.engine.Served;
import dev.reprise.engine.Upstream;
import dev.reprise.gateway.http.Exchange;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.http.JsonEndpoint;
import dev.reprise.gateway.http.OutcomeHeaders;
import dev.reprise.gateway.http.UpstreamReply;
import dev.reprise.gateway.protocol.Bodies;
import dev.reprise.gateway.protocol.EmbeddingReply;
import dev.reprise.gateway.request.CallContext;
import dev.reprise.gateway.upstream.UpstreamClient;
import dev.reprise.gateway.upstream.UpstreamRequest;
import dev.reprise.gateway.upstream.Upstreams;
import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl.Directive;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.JsonObject;
import dev.reprise.model.Message;
import dev.reprise.model.Part;
import dev.reprise.model.Reason;
import dev.reprise.model.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/*
 * Each input is an entry of its own. One input goes the engine's whole way, so that equal requests share a call. Of several, each is
 * looked up, what is missing is asked for in one call, and each fresh one is stored by a second request of its own to the engine,
 * which the engine's counters count.
 */
/** Answers {@code POST /v1/embeddings}: each input from the cache, the others by one call. */
final class EmbeddingsEndpoint implements JsonEndpoint {
  /** How an embedding is written down. */
  static final String FORMAT = "openai-embedding/1";

  private static final Set<String> NOT_PARAMETERS = Set.of("model", "input");

  private final CacheEngine engine;
  private final CallContextReader calls;
  private final Upstreams upstreams;

  EmbeddingsEndpoint(CacheEngine engine, CallContextReader calls, Upstreams upstreams) {
    this.engine = engine;
    this.calls = calls;
    this.upstreams = upstreams;
  }

  @Override
  public void handle(Exchange exchange, byte[] bytes, ObjectNode body) {
    ObjectNode essential = calls.essential(exchange, body);
    UpstreamClient upstream = upstreams.of(essential);
    CallContext context = calls.embedding(exchange, upstream);
    Map<JsonNode, CacheRequest> requests;
    List<JsonNode> inputs;
    try {
      Optional<String> oddity = Json.oddity(bytes);
      if (oddity.isPresent()) {
        throw new UnmappableException(oddity.get());
      }
      inputs = inputs(body.path("input"));
      requests = requests(inputs, essential, context);
    } catch (UnmappableException e) {
      bypass(exchange, upstream, bytes, context, String.valueOf(e.getMessage()));
      return;
    }
    Batch batch = new Batch(exchange, upstream, bytes, body, inputs, requests);
    if (requests.size() == 1) {
      batch.one(requests.values().iterator().next());
    } else {
      batch.several();
    }
  }

  private static void bypass(
      Exchange exchange, UpstreamClient upstream, byte[] bytes, CallContext context, String why) {
    Reason reason = new Reason(Reason.Code.UNMAPPABLE, why);
    if (context.control().has(Directive.ONLY_IF_CACHED)) {
      exchange.json(504, OutcomeHeaders.bypass(reason), NotCached.error().body());
      return;
    }
    exchange.reply(call(exchange, upstream, bytes), OutcomeHeaders.bypass(reason));
  }

  private static UpstreamReply call(Exchange exchange, UpstreamClient upstream, byte[] body) {
    return UpstreamRequest.of(exchange, upstream).call(body).whole();
  }

  // --- the request ------------------------------------------------------------------------------

  /** Returns the inputs: texts, or lists of token numbers. */
  static List<JsonNode> inputs(JsonNode input) {
    if (isInput(input)) {
      return List.of(input);
    }
    List<JsonNode> inputs = new ArrayList<>();
    if (input.isArray()) {
      input.forEach(inputs::add);
    }
    if (inputs.isEmpty() || !inputs.stream().allMatch(EmbeddingsEndpoint::isInput)) {
      throw new UnmappableException("input is neither texts nor lists of token numbers");
    }
    return inputs;
  }

  private static boolean isInput(JsonNode input) {
    if (input.isTextual()) {
      return true;
    }
    if (!input.isArray() || input.isEmpty()) {
      return false;
    }
    for (JsonNode token : input) {
      if (!token.isIntegralNumber()) {
        return false;
      }
    }
    return true;
  }

  /** Returns the request of each input. */
  static Map<JsonNode, CacheRequest> requests(
      List<JsonNode> inputs, ObjectNode body, CallContext context) {
    JsonNode model = body.path("model");
    if (!model.isTextual()) {
      throw new UnmappableException("\"model\" is missing or not a text");
    }
    Map<JsonNode, CacheRequest> requests = new LinkedHashMap<>();
    try {
      for (JsonNode input : inputs) {
        CacheRequest.Builder request = context.request(FORMAT).model(model.textValue());
        Bodies.parameters(body, NOT_PARAMETERS, request);
        request.message(new Message(Role.USER, List.of(part(input)), JsonObject.empty()));
        requests.put(input, request.build());
      }
      return requests;
    } catch (IllegalArgumentException e) {
      throw new UnmappableException("the body cannot be mapped: " + e.getMessage());
    }
  }

  private static Part part(JsonNode input) {
    if (input.isTextual()) {
      return new Part.Text(input.textValue());
    }
    ObjectNode tokens = Json.object();
    tokens.set("tokens", input);
    return new Part.Opaque("tokens", Json.values(tokens, Set.of()));
  }

  // --- the answer -------------------------------------------------------------------------------

  /** One request's inputs. */
  private final class Batch {
    private final Exchange exchange;
    private final UpstreamClient upstream;
    private final byte[] bytes;
    private final ObjectNode body;
    private final List<JsonNode> inputs;
    private final Map<JsonNode, CacheRequest> requests;

    Batch(
        Exchange exchange,
        UpstreamClient upstream,
        byte[] bytes,
        ObjectNode body,
        List<JsonNode> inputs,
        Map<JsonNode, CacheRequest> requests) {
      this.exchange = exchange;
      this.upstream = upstream;
      this.bytes = bytes;
      this.body = body;
      this.inputs = inputs;
      this.requests = requests;
    }

    void one(CacheRequest request) {
      Served<UpstreamReply> served = engine.serve(request, new OwnCall(), EmbeddingReply::item);
      Outcome outcome = served.outcome();
      Map<String, String> headers = OutcomeHeaders.of(outcome, request);
      exchange.ended(outcome, headers);
      if (outcome instanceof Outcome.Answered answered) {
        if (served.own().isPresent()) {
          exchange.reply(served.own().get(), headers);
        } else {
          exchange.reserve(AnswerEndpoint.size(answered.answer()));
          Map<JsonNode, Answer> known = Map.of(inputs.get(0), answered.answer());
          exchange.json(200, headers, EmbeddingReply.of(inputs, known, 0, 0));
        }
      } else {
        exchange.json(504, headers, NotCached.error().body());
      }
    }

    /** This request's own call for its one input, if one is made. */
    private final class OwnCall implements Upstream<UpstreamReply, RuntimeException> {
      private final UpstreamRequest asked = UpstreamRequest.of(exchange, upstream);

      @Override
      public Reply<UpstreamReply> call() {
        UpstreamReply given = asked.call(bytes).whole();
        Optional<EmbeddingReply> read = EmbeddingReply.read(given, inputs.size());
        if (read.isEmpty()) {
          throw asked.passedOn(given);
        }
        return new Reply<>(read.get().answer(0), given);
      }

      @Override
      public boolean isEndedBy(Throwable failure) {
        return asked.isEndedBy(failure);
      }
    }

    void several() {
      Map<JsonNode, Answer> known = new LinkedHashMap<>();
      Map<String, String> headers = new LinkedHashMap<>();
      Set<JsonNode> withheld = new LinkedHashSet<>();
      requests.forEach((input, request) -> lookup(input, request, known, headers, withheld));
      int hits = known.size() + withheld.size();
      List<JsonNode> missing =
          requests.keySet().stream().filter(input -> !known.containsKey(input)).toList();
      if (missing.isEmpty()) {
        headers.keySet().retainAll(Set.of(OutcomeHeaders.CACHE, OutcomeHeaders.TIER));
        exchange.json(200, headers, EmbeddingReply.of(inputs, known, 0, 0));
        return;
      }
      headers.clear();
      headers.put(OutcomeHeaders.CACHE, OutcomeHeaders.MISS);
      headers.put(OutcomeHeaders.REASON, hits + " of " + requests.size() + " inputs were cached");
      // What live mode would have served stays stored as it is.
      Set<JsonNode> stored = new LinkedHashSet<>(missing);
      stored.removeAll(withheld);
      CacheRequest any = requests.values().iterator().next();
      if (any.control().has(Directive.ONLY_IF_CACHED)) {
        exchange.json(504, headers, NotCached.error().body());
        return;
      }
      fetch(missing, stored, known, headers);
    }

    private void lookup(
        JsonNode input,
        CacheRequest request,
        Map<JsonNode, Answer> known,
        Map<String, String> headers,
        Set<JsonNode> withheld) {
      CacheRequest cachedOnly =
          request.withControl(request.control().with(Directive.ONLY_IF_CACHED));
      Outcome outcome =
          engine
              .<Answer, RuntimeException>serve(
                  cachedOnly,
                  () -> {
                    throw new IllegalStateException("only a cached answer was asked for");
                  },
                  EmbeddingReply::item)
              .outcome();
      if (outcome instanceof Outcome.Hit hit) {
        exchange.reserve(AnswerEndpoint.size(hit.answer()));
        known.put(input, hit.answer());
        headers.putAll(OutcomeHeaders.of(outcome, request));
      } else if (outcome.wouldHit().isPresent()) {
        withheld.add(input);
      }
    }

    private void fetch(
        List<JsonNode> missing,
        Set<JsonNode> stored,
        Map<JsonNode, Answer> known,
        Map<String, String> headers) {
      ObjectNode remaining = body.deepCopy();
      ArrayNode list = remaining.putArray("input");
      missing.forEach(list::add);
      UpstreamReply reply = call(exchange, upstream, Json.bytes(remaining));
      Optional<EmbeddingReply> read = EmbeddingReply.read(reply, missing.size());
      if (read.isEmpty()) {
        // An error is the client's to see. What is no embedding is asked again, whole and as it
        // came.
        exchange.reply(reply.isSuccess() ? call(exchange, upstream, bytes) : reply, headers);
        return;
      }
      for (int i = 0; i < missing.size(); i++) {
        Answer answer = read.get().answer(i);
        known.put(missing.get(i), answer);
        CacheRequest request = requests.get(missing.get(i));
        if (request != null && stored.contains(missing.get(i))) {
          engine.<RuntimeException>getOrCompute(
              request.withControl(request.control().with(Directive.NO_CACHE)), () -> answer);
        }
      }
      exchange.upstreamHeaders(reply.headers().map());
      exchange.json(
          200,
          headers,
          EmbeddingReply.of(inputs, known, read.get().promptTokens(), read.get().totalTokens()));
    }
  }
}
