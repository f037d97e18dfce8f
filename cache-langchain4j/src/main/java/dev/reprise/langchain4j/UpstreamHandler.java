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
import dev.reprise.model.Answer;
import dev.reprise.model.Completion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a delegate's callbacks and gives them to the engine. */
final class UpstreamHandler implements StreamingChatResponseHandler {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamHandler.class);

  private final StreamingUpstream.Sink<StreamChunk> sink;
  private final ChatResponseCodec codec;
  private boolean cancellable;
  private boolean isStored = true;

  /** Whether anything was passed on, so that the stream cannot be started again. */
  private boolean hasBegun;

  private @Nullable Runnable whenRefused;
  private Runnable whenComplete = () -> {};

  UpstreamHandler(StreamingUpstream.Sink<StreamChunk> sink, ChatResponseCodec codec) {
    this.sink = sink;
    this.codec = codec;
  }

  /** Sets that the answer is not stored. */
  UpstreamHandler unstored() {
    isStored = false;
    return this;
  }

  /** Sets what is done once, in place of failing, where the model refuses the temperature. */
  void onRefusal(Runnable task) {
    whenRefused = task;
  }

  /** Sets what is done before the complete response is passed on. */
  void onSuccess(Runnable task) {
    whenComplete = task;
  }

  @Override
  public void onPartialResponse(String text) {
    next(new StreamChunk.Text(text));
  }

  @Override
  public void onPartialResponse(PartialResponse text, PartialResponseContext context) {
    learn(context.streamingHandle());
    next(new StreamChunk.TextInContext(text));
  }

  @Override
  public void onPartialThinking(PartialThinking thinking) {
    next(new StreamChunk.Thinking(thinking));
  }

  @Override
  public void onPartialThinking(PartialThinking thinking, PartialThinkingContext context) {
    learn(context.streamingHandle());
    next(new StreamChunk.ThinkingInContext(thinking));
  }

  @Override
  public void onPartialToolCall(PartialToolCall call) {
    next(new StreamChunk.ToolCall(call));
  }

  @Override
  public void onPartialToolCall(PartialToolCall call, PartialToolCallContext context) {
    learn(context.streamingHandle());
    next(new StreamChunk.ToolCallInContext(call));
  }

  @Override
  public void onCompleteToolCall(CompleteToolCall call) {
    next(new StreamChunk.WholeToolCall(call));
  }

  @Override
  public void onUnmappedRawEvent(Object event) {
    next(new StreamChunk.RawEvent(event));
  }

  @Override
  public void onCompleteResponse(ChatResponse response) {
    next(new StreamChunk.End(response));
    whenComplete.run();
    Answer answer = codec.encode(response);
    sink.complete(isStored ? answer : answer.withCompletion(Completion.OTHER));
  }

  @Override
  public void onError(Throwable error) {
    Runnable again = whenRefused;
    if (again != null && !hasBegun && ZeroTemperature.isRefused(error)) {
      whenRefused = null;
      again.run();
    } else {
      sink.fail(error);
    }
  }

  private void next(StreamChunk chunk) {
    hasBegun = true;
    sink.next(chunk);
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
