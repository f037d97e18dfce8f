package dev.reprise.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.reprise.door.internal.TextPieces;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives a whole response as a stream, on the calling thread: thinking and text word by word, then
 * the tool calls, then the response. It stops where it is cancelled.
 */
final class StreamReplay {
  private StreamReplay() {}

  static void replay(ChatResponse response, StreamingChatResponseHandler handler) {
    Handle handle = new Handle();
    for (Piece piece : pieces(response)) {
      if (handle.isCancelled()) {
        return;
      }
      piece.deliver(handler, handle);
    }
  }

  private static List<Piece> pieces(ChatResponse response) {
    AiMessage message = response.aiMessage();
    List<Piece> pieces = new ArrayList<>();
    for (String piece : words(message.thinking())) {
      pieces.add(new Piece.ThinkingInContext(new PartialThinking(piece)));
    }
    for (String piece : words(message.text())) {
      pieces.add(new Piece.TextInContext(new PartialResponse(piece)));
    }
    List<ToolExecutionRequest> calls = message.toolExecutionRequests();
    for (int i = 0; i < calls.size(); i++) {
      pieces.add(new Piece.WholeToolCall(new CompleteToolCall(i, calls.get(i))));
    }
    pieces.add(new Piece.End(response));
    return pieces;
  }

  private static List<String> words(@Nullable String text) {
    return text == null ? List.of() : TextPieces.of(text);
  }

  private static final class Handle implements StreamingHandle {
    private volatile boolean cancelled;

    @Override
    public void cancel() {
      cancelled = true;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }
  }
}
