package dev.reprise.gateway.protocol;

import dev.reprise.engine.AnswerReader;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import java.util.Optional;

/**
 * Reads stored answers and writes curated ones in the form of a protocol.
 *
 * @param protocol the protocol
 */
public record ProtocolAnswers(Protocol protocol) implements AnswerReader {
  @Override
  public void read(Answer answer) {
    protocol.check(answer);
  }

  @Override
  public Optional<Answer> write(CacheRequest request, String text) {
    return protocol.ofText(request, text);
  }
}
