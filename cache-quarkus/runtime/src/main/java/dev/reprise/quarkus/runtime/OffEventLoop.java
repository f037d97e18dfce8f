package dev.reprise.quarkus.runtime;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Moves the lookup off the event loop: it computes an embedding and may ask a server. The caller's
 * Vert.x context, and with it the CDI request context, goes along.
 */
final class OffEventLoop implements StreamingChatModel {
  private final StreamingChatModel model;

  OffEventLoop(StreamingChatModel model) {
    this.model = model;
  }

  @Override
  public void chat(
      ChatRequest request,
      @Nullable ChatRequestOptions options,
      StreamingChatResponseHandler handler) {
    move(() -> model.chat(request, options, handler), handler);
  }

  @Override
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    move(() -> model.doChat(request, handler), handler);
  }

  private static void move(Runnable call, StreamingChatResponseHandler handler) {
    Context context = Vertx.currentContext();
    if (context == null || !Context.isOnEventLoopThread()) {
      call.run();
      return;
    }
    context
        .executeBlocking(
            () -> {
              call.run();
              return null;
            },
            false)
        .onFailure(handler::onError);
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return model.defaultRequestParameters();
  }

  @Override
  public ModelProvider provider() {
    return model.provider();
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return model.supportedCapabilities();
  }
}
