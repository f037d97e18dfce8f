package dev.reprise.springai;

import dev.reprise.engine.AnswerReader;
import dev.reprise.engine.Outcome;
import dev.reprise.model.Answer;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ChatResponse;

/**
 * Reads the answers of one request, each once: what the engine found readable is not parsed again.
 * Used by one thread at a time.
 */
final class ChatResponseReader implements AnswerReader {
  private record Read(Answer answer, ChatResponseCodec.Decoded decoded) {}

  private final HitUsage usageOnHit;
  private volatile @Nullable Read last;

  ChatResponseReader(HitUsage usageOnHit) {
    this.usageOnHit = usageOnHit;
  }

  @Override
  public void read(Answer answer) {
    last = new Read(answer, ChatResponseCodec.decode(answer.payload()));
  }

  /** Returns the response of an outcome whose answer was read, or is readable. */
  ChatResponse response(Outcome.Answered outcome) {
    Answer answer = outcome.answer();
    Read known = last;
    ChatResponseCodec.Decoded decoded =
        known != null && known.answer().equals(answer)
            ? known.decoded()
            : ChatResponseCodec.decode(answer.payload());
    return decoded.response(outcome, usageOnHit);
  }
}
