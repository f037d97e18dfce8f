package dev.reprise.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;

/** One callback of a LangChain4j stream, without the handle that is each subscriber's own. */
sealed interface StreamChunk {

  /** Makes the callback. */
  void deliver(StreamingChatResponseHandler handler, StreamingHandle handle);

  record Text(String text) implements StreamChunk {
    @Override
    public void deliver(StreamingChatResponseHandler handler, StreamingHandle handle) {
      handler.onPartialResponse(text);
    }
  }

  record TextInContext(PartialResponse text) implements StreamChunk {
    @Override
    public void deliver(StreamingChatResponseHandler handler, StreamingHandle handle) {
      handler.onPartialResponse(text, new PartialResponseContext(handle));
    }
  }

  record Thinking(PartialThinking thinking) implements StreamChunk {
    @Override
    public void deliver(StreamingChatResponseHandler handler, StreamingHandle handle) {
      handler.onPartialThinking(thinking);
    }
  }

  record ThinkingInContext(PartialThinking thinking) implements StreamChunk {
    @Override
    public void deliver(StreamingChatResponseHandler handler, StreamingHandle handle) {
      handler.onPartialThinking(thinking, new PartialThinkingContext(handle));
    }
  }

  record ToolCall(PartialToolCall call) implements StreamChunk {
    @Override
    public void deliver(StreamingChatResponseHandler handler, StreamingHandle handle) {
      handler.onPartialToolCall(call);
    }
  }

  record ToolCallInContext(PartialToolCall call) implements StreamChunk {
    @Override
    public void deliver(StreamingChatResponseHandler handler, StreamingHandle handle) {
      handler.onPartialToolCall(call, new PartialToolCallContext(handle));
    }
  }

  record WholeToolCall(CompleteToolCall call) implements StreamChunk {
    @Override
    public void deliver(StreamingChatResponseHandler handler, StreamingHandle handle) {
      handler.onCompleteToolCall(call);
    }
  }

  record RawEvent(Object event) implements StreamChunk {
    @Override
    public void deliver(StreamingChatResponseHandler handler, StreamingHandle handle) {
      handler.onUnmappedRawEvent(event);
    }
  }

  /**
   * The complete response. It is kept until the engine says that the stream has ended, so that the
   * answer is stored before the caller can ask again.
   */
  record End(ChatResponse response) implements StreamChunk {
    @Override
    public void deliver(StreamingChatResponseHandler handler, StreamingHandle handle) {
      handler.onCompleteResponse(response);
    }
  }
}
