package dev.reprise.gateway.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.protocol.Identities;
import dev.reprise.gateway.protocol.Protocol;
import dev.reprise.gateway.request.CallContext;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import java.util.Optional;

/**
 * What Gemini's {@code generateContent} and {@code streamGenerateContent?alt=sse} look like. The
 * address tells which of them is asked; their answers are the same.
 *
 * @param identities for answers that are given again
 * @param delivery how the answer is asked for
 */
public record GeminiProtocol(Identities identities, Delivery delivery) implements Protocol {
  /** How an answer is asked for. */
  public enum Delivery {
    WHOLE,
    STREAMED
  }

  @Override
  public CacheRequest map(ObjectNode body, CallContext context) {
    return GeminiMapper.map(body, context);
  }

  @Override
  public Optional<Answer> encode(JsonNode reply) {
    return GeminiCodec.encode(reply);
  }

  @Override
  public Optional<Answer> ofText(CacheRequest request, String text) {
    return Optional.of(GeminiCodec.ofText(request.model(), text));
  }

  @Override
  public void check(Answer answer) {
    GeminiCodec.read(answer);
  }

  @Override
  public ObjectNode decode(Answer answer, ObjectNode body) {
    return GeminiCodec.decode(answer, identities.next(""));
  }

  @Override
  public String replay(Answer answer, ObjectNode body) {
    return GeminiReplay.events(decode(answer, body));
  }

  @Override
  public ObjectNode upstreamBody(ObjectNode body) {
    return body;
  }

  @Override
  public ObjectNode atZero(ObjectNode body) {
    return GeminiMapper.atZero(body);
  }

  @Override
  public boolean isStreamed(ObjectNode body) {
    return delivery == Delivery.STREAMED;
  }

  @Override
  public Collector collector() {
    return new GeminiCollector();
  }
}
