package dev.reprise.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.reprise.engine.NotCachedException;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.StreamSubscriber;
import dev.reprise.integration.internal.OnceReader;
import org.jspecify.annotations.Nullable;

/** Takes what the engine gives and makes the caller's callbacks. */
final class HandlerSubscriber implements StreamSubscriber<StreamChunk> {
  private final StreamingChatResponseHandler handler;
  private final OnceReader<ChatResponse> reader;
  private volatile @Nullable ChatResponse end;

  HandlerSubscriber(StreamingChatResponseHandler handler, OnceReader<ChatResponse> reader) {
    this.handler = handler;
    this.reader = reader;
  }

  @Override
  public void onWhole(Outcome.Answered outcome) {
    StreamReplay.replay(reader.reply(outcome), handler);
  }

  @Override
  public void onChunk(StreamChunk chunk, Subscription subscription) {
    if (chunk instanceof StreamChunk.End last) {
      end = last.response();
    } else {
      chunk.deliver(handler, new Handle(subscription));
    }
  }

  @Override
  public void onComplete(Outcome.Answered outcome) {
    ChatResponse complete = end;
    handler.onCompleteResponse(complete == null ? reader.reply(outcome) : complete);
  }

  @Override
  public void onUnsatisfied(Outcome.Unsatisfied outcome) {
    handler.onError(new NotCachedException(outcome));
  }

  @Override
  public void onError(Throwable cause) {
    handler.onError(cause);
  }

  /** What a caller cancels its own stream with. */
  private record Handle(Subscription subscription) implements StreamingHandle {
    @Override
    public void cancel() {
      subscription.cancel();
    }

    @Override
    public boolean isCancelled() {
      return subscription.isCancelled();
    }
  }
}
