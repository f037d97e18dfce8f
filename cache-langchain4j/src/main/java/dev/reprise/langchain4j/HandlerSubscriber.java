package dev.reprise.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.reprise.engine.NotCachedException;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.StreamSubscriber;
import dev.reprise.integration.internal.OnceReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * LangChain4j's models pass what a callback throws to onError and go on with the stream. A handler sees the same here, of a hit too:
 * otherwise it would wait for an end that never comes.
 */
/** Takes what the engine gives and makes the caller's callbacks. */
final class HandlerSubscriber implements StreamSubscriber<StreamChunk> {
  private static final Logger LOG = LoggerFactory.getLogger(HandlerSubscriber.class);

  private final StreamingChatResponseHandler handler;
  private final OnceReader<ChatResponse> reader;
  private volatile @Nullable ChatResponse end;

  HandlerSubscriber(StreamingChatResponseHandler handler, OnceReader<ChatResponse> reader) {
    this.handler = handler;
    this.reader = reader;
  }

  @Override
  public void onWhole(Outcome.Answered outcome) {
    StreamReplay.replay(reader.reply(outcome), this::deliver);
  }

  @Override
  public void onChunk(StreamChunk chunk, Subscription subscription) {
    if (chunk instanceof StreamChunk.End last) {
      end = last.response();
    } else {
      deliver(chunk, new Handle(subscription));
    }
  }

  @Override
  public void onComplete(Outcome.Answered outcome) {
    ChatResponse complete = end;
    guarded(() -> handler.onCompleteResponse(complete == null ? reader.reply(outcome) : complete));
  }

  @Override
  public void onUnsatisfied(Outcome.Unsatisfied outcome) {
    handler.onError(new NotCachedException(outcome));
  }

  @Override
  public void onError(Throwable cause) {
    handler.onError(cause);
  }

  private void deliver(StreamChunk chunk, StreamingHandle handle) {
    guarded(() -> chunk.deliver(handler, handle));
  }

  private void guarded(Runnable callback) {
    try {
      callback.run();
    } catch (Throwable e) {
      try {
        handler.onError(e);
      } catch (Throwable again) {
        LOG.warn("A handler's onError failed; the stream goes on", again);
      }
    }
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
