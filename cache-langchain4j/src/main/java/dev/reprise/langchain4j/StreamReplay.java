package dev.reprise.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives a whole response as a stream, on the calling thread: thinking and text word by word, then
 * the tool calls, then the response. It stops where it is cancelled.
 */
final class StreamReplay {
  /** The longest piece of a text without spaces, in characters: {@value}. */
  static final int LONGEST_PIECE = 64;

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

  /** Cuts a text before each space that follows a word; together the pieces are the text. */
  static List<String> words(@Nullable String text) {
    List<String> words = new ArrayList<>();
    if (text == null) {
      return words;
    }
    int start = 0;
    for (int i = 1; i < text.length(); i++) {
      boolean nextWord =
          Character.isWhitespace(text.charAt(i)) && !Character.isWhitespace(text.charAt(i - 1));
      boolean tooLong = i - start >= LONGEST_PIECE && !Character.isLowSurrogate(text.charAt(i));
      if (nextWord || tooLong) {
        words.add(text.substring(start, i));
        start = i;
      }
    }
    if (start < text.length()) {
      words.add(text.substring(start));
    }
    return words;
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
