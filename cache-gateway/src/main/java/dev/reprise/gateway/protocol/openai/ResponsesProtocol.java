package dev.reprise.gateway.protocol.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.protocol.Identities;
import dev.reprise.gateway.protocol.Protocol;
import dev.reprise.gateway.request.CallContext;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import java.util.Optional;

/**
 * What {@code POST /v1/responses} looks like.
 *
 * @param identities for answers that are given again
 */
public record ResponsesProtocol(Identities identities) implements Protocol {
  private static final String ID_PREFIX = "resp_";

  @Override
  public CacheRequest map(ObjectNode body, CallContext context) {
    return ResponsesMapper.map(body, context);
  }

  @Override
  public Optional<Answer> encode(JsonNode reply) {
    return ResponsesCodec.encode(reply);
  }

  @Override
  public Optional<Answer> ofText(CacheRequest request, String text) {
    return ResponsesCodec.ofText(request, text);
  }

  @Override
  public void check(Answer answer) {
    ResponsesCodec.read(answer);
  }

  @Override
  public ObjectNode decode(Answer answer, ObjectNode body) {
    return ResponsesCodec.decode(answer, body, identities.next(ID_PREFIX));
  }

  @Override
  public String replay(Answer answer, ObjectNode body) {
    return ResponsesReplay.events(decode(answer, body));
  }

  @Override
  public ObjectNode upstreamBody(ObjectNode body) {
    return body;
  }

  @Override
  public Collector collector() {
    return new ResponsesCollector();
  }
}
