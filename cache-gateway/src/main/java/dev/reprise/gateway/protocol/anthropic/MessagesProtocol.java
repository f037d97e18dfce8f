package dev.reprise.gateway.protocol.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.protocol.Identities;
import dev.reprise.gateway.protocol.Protocol;
import dev.reprise.gateway.request.CallContext;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import java.util.Optional;

/**
 * What Anthropic's {@code POST /v1/messages} looks like.
 *
 * @param identities for answers that are given again
 */
public record MessagesProtocol(Identities identities) implements Protocol {
  private static final String ID_PREFIX = "msg_";

  @Override
  public CacheRequest map(ObjectNode body, CallContext context) {
    return MessagesMapper.map(body, context);
  }

  @Override
  public Optional<Answer> encode(JsonNode reply) {
    return MessagesCodec.encode(reply);
  }

  @Override
  public Optional<Answer> ofText(CacheRequest request, String text) {
    return Optional.of(MessagesCodec.ofText(request.model(), text));
  }

  @Override
  public void check(Answer answer) {
    MessagesCodec.read(answer);
  }

  @Override
  public ObjectNode decode(Answer answer, ObjectNode body) {
    return MessagesCodec.decode(answer, identities.next(ID_PREFIX));
  }

  @Override
  public String replay(Answer answer, ObjectNode body) {
    return MessagesReplay.events(decode(answer, body));
  }

  @Override
  public ObjectNode upstreamBody(ObjectNode body) {
    return body;
  }

  @Override
  public Collector collector() {
    return new MessagesCollector();
  }
}
