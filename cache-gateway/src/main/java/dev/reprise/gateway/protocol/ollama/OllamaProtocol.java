package dev.reprise.gateway.protocol.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.protocol.EventSource;
import dev.reprise.gateway.protocol.Identities;
import dev.reprise.gateway.protocol.LineReader;
import dev.reprise.gateway.protocol.Protocol;
import dev.reprise.gateway.request.CallContext;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import java.io.InputStream;
import java.util.Optional;

/**
 * What Ollama's {@code POST /api/chat} and {@code POST /api/generate} look like. They stream JSON
 * Lines, unless they are asked not to.
 *
 * @param identities for answers that are given again
 * @param call which of them it is
 */
public record OllamaProtocol(Identities identities, OllamaCodec.Call call) implements Protocol {
  @Override
  public CacheRequest map(ObjectNode body, CallContext context) {
    return OllamaMapper.map(body, call, context);
  }

  @Override
  public Optional<Answer> encode(JsonNode reply) {
    return OllamaCodec.encode(reply, call);
  }

  @Override
  public Optional<Answer> ofText(CacheRequest request, String text) {
    return Optional.of(OllamaCodec.ofText(request.model(), text, call));
  }

  @Override
  public void check(Answer answer) {
    OllamaCodec.read(answer, call);
  }

  @Override
  public ObjectNode decode(Answer answer, ObjectNode body) {
    return OllamaCodec.decode(answer, call, identities.next(""));
  }

  @Override
  public String replay(Answer answer, ObjectNode body) {
    return OllamaReplay.lines(decode(answer, body), call);
  }

  @Override
  public ObjectNode upstreamBody(ObjectNode body) {
    return body;
  }

  @Override
  public ObjectNode atZero(ObjectNode body) {
    return OllamaMapper.atZero(body);
  }

  @Override
  public boolean isStreamed(ObjectNode body) {
    return body.path("stream").asBoolean(true);
  }

  @Override
  public String streamType() {
    return "application/x-ndjson";
  }

  @Override
  public EventSource reader(InputStream stream) {
    return new LineReader(stream);
  }

  @Override
  public Collector collector() {
    return new OllamaCollector(call);
  }
}
