package dev.reprise.gateway.protocol.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.protocol.Identities;
import dev.reprise.gateway.protocol.Identity;
import dev.reprise.gateway.protocol.Protocol;
import dev.reprise.gateway.protocol.StreamRequest;
import dev.reprise.gateway.request.CallContext;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import java.util.Optional;

/**
 * What {@code POST /v1/chat/completions} looks like.
 *
 * @param identities for answers that are given again
 */
public record ChatProtocol(Identities identities) implements Protocol {
  private static final String ID_PREFIX = "chatcmpl-";

  @Override
  public CacheRequest map(ObjectNode body, CallContext context) {
    return ChatMapper.map(body, context);
  }

  @Override
  public Optional<Answer> encode(JsonNode reply) {
    return ChatCodec.encode(reply);
  }

  @Override
  public Optional<Answer> ofText(CacheRequest request, String text) {
    return Optional.of(ChatCodec.ofText(request.model(), text));
  }

  @Override
  public void check(Answer answer) {
    ChatCodec.read(answer);
  }

  @Override
  public ObjectNode decode(Answer answer, ObjectNode body) {
    return ChatCodec.decode(answer, identities.next(ID_PREFIX));
  }

  @Override
  public String replay(Answer answer, ObjectNode body) {
    Identity identity = identities.next(ID_PREFIX);
    return ChunkReplay.events(
        ChatCodec.decode(answer, identity), identity, StreamRequest.usage(body));
  }

  @Override
  public ObjectNode upstreamBody(ObjectNode body) {
    return !StreamRequest.isStreamed(body)
            || StreamRequest.usage(body) == StreamRequest.Usage.WANTED
        ? body
        : StreamRequest.withUsage(body);
  }

  @Override
  public Collector collector() {
    return new ChunkCollector(ChunkCollector.Of.CHAT);
  }
}
