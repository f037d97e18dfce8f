package dev.reprise.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.reprise.integration.internal.TextChunks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives a whole response as a stream, on the calling thread: thinking and text word by word, then
 * the tool calls, then the response. It stops where it is cancelled.
 */
final class StreamReplay {
  private StreamReplay() {}

  /**
   * Gives {@code response}.
   *
   * @param delivery takes each chunk, and what the caller cancels the replay with
   */
  static void replay(ChatResponse response, BiConsumer<StreamChunk, StreamingHandle> delivery) {
    Handle handle = new Handle();
    for (StreamChunk chunk : chunks(response)) {
      if (handle.isCancelled()) {
        return;
      }
      delivery.accept(chunk, handle);
    }
  }

  private static List<StreamChunk> chunks(ChatResponse response) {
    AiMessage message = response.aiMessage();
    List<StreamChunk> chunks = new ArrayList<>();
    for (String chunk : words(message.thinking())) {
      chunks.add(new StreamChunk.ThinkingInContext(new PartialThinking(chunk)));
    }
    for (String chunk : words(message.text())) {
      chunks.add(new StreamChunk.TextInContext(new PartialResponse(chunk)));
    }
    List<ToolExecutionRequest> calls = message.toolExecutionRequests();
    for (int i = 0; i < calls.size(); i++) {
      chunks.add(new StreamChunk.WholeToolCall(new CompleteToolCall(i, calls.get(i))));
    }
    chunks.add(new StreamChunk.End(response));
    return chunks;
  }

  private static List<String> words(@Nullable String text) {
    return text == null ? List.of() : TextChunks.of(text);
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
