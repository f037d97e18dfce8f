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
import dev.reprise.engine.StreamingUpstream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a delegate's callbacks and gives them to the engine. */
final class UpstreamHandler implements StreamingChatResponseHandler {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamHandler.class);

  private final StreamingUpstream.Sink<Piece> sink;
  private final ChatResponseCodec codec;
  private boolean cancellable;

  UpstreamHandler(StreamingUpstream.Sink<Piece> sink, ChatResponseCodec codec) {
    this.sink = sink;
    this.codec = codec;
  }

  @Override
  public void onPartialResponse(String text) {
    sink.next(new Piece.Text(text));
  }

  @Override
  public void onPartialResponse(PartialResponse text, PartialResponseContext context) {
    learn(context.streamingHandle());
    sink.next(new Piece.TextInContext(text));
  }

  @Override
  public void onPartialThinking(PartialThinking thinking) {
    sink.next(new Piece.Thinking(thinking));
  }

  @Override
  public void onPartialThinking(PartialThinking thinking, PartialThinkingContext context) {
    learn(context.streamingHandle());
    sink.next(new Piece.ThinkingInContext(thinking));
  }

  @Override
  public void onPartialToolCall(PartialToolCall call) {
    sink.next(new Piece.ToolCall(call));
  }

  @Override
  public void onPartialToolCall(PartialToolCall call, PartialToolCallContext context) {
    learn(context.streamingHandle());
    sink.next(new Piece.ToolCallInContext(call));
  }

  @Override
  public void onCompleteToolCall(CompleteToolCall call) {
    sink.next(new Piece.WholeToolCall(call));
  }

  @Override
  public void onUnmappedRawEvent(Object event) {
    sink.next(new Piece.RawEvent(event));
  }

  @Override
  public void onCompleteResponse(ChatResponse response) {
    sink.next(new Piece.End(response));
    sink.complete(codec.encode(response));
  }

  @Override
  public void onError(Throwable error) {
    sink.fail(error);
  }

  /** Learns how the delegate is stopped. Its callbacks come one at a time. */
  private void learn(@Nullable StreamingHandle handle) {
    if (cancellable || handle == null) {
      return;
    }
    cancellable = true;
    sink.cancelWith(
        () -> {
          try {
            handle.cancel();
          } catch (RuntimeException e) {
            // Not every model can be stopped. What it still gives has no listener.
            LOG.debug("The model's stream cannot be cancelled; it runs to its end unheard", e);
          }
        });
  }
}
