package dev.reprise.spring.boot;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Models that count their calls. */
final class ScriptedModels {
  static final String ANSWER = "Open Settings, then Security, and choose Reset.";

  private ScriptedModels() {}

  static ChatResponse response() {
    return ChatResponse.builder()
        .aiMessage(AiMessage.from(ANSWER))
        .finishReason(FinishReason.STOP)
        .build();
  }

  /** An open class, as those of the providers are. */
  static class Open implements ChatModel {
    final AtomicInteger calls = new AtomicInteger();

    /** Has no default constructor, like a provider's class. */
    Open(String name) {
      if (name.isEmpty()) {
        throw new IllegalArgumentException("name");
      }
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
      calls.incrementAndGet();
      return response();
    }

    int calls() {
      return calls.get();
    }
  }

  /** A class that cannot be subclassed. */
  static final class Closed implements ChatModel, AutoCloseable {
    final AtomicInteger calls = new AtomicInteger();

    @Override
    public ChatResponse doChat(ChatRequest request) {
      calls.incrementAndGet();
      return response();
    }

    @Override
    public void close() {}
  }

  /** Is awaited and streams. */
  static class Both implements ChatModel, StreamingChatModel {
    final AtomicInteger awaited = new AtomicInteger();
    final AtomicInteger streamed = new AtomicInteger();

    @Override
    public ChatResponse doChat(ChatRequest request) {
      awaited.incrementAndGet();
      return response();
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
      streamed.incrementAndGet();
      handler.onPartialResponse(ANSWER);
      handler.onCompleteResponse(response());
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
      return ChatRequestParameters.builder().build();
    }

    @Override
    public List<ChatModelListener> listeners() {
      return List.of();
    }

    @Override
    public ModelProvider provider() {
      return ModelProvider.OTHER;
    }

    @Override
    public Set<Capability> supportedCapabilities() {
      return Set.of();
    }
  }

  /** Asks another model the same. */
  static class Decorator implements ChatModel {
    private final ChatModel inner;

    Decorator(ChatModel inner) {
      this.inner = inner;
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
      return inner.chat(request);
    }
  }

  /** Streams a question, and returns the whole answer. */
  static String stream(StreamingChatModel model, String question) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    model.chat(question, handler(answer::complete));
    return answer.join();
  }

  /** Hands over the whole answer, or what the error says. */
  static StreamingChatResponseHandler handler(Consumer<String> end) {
    return new StreamingChatResponseHandler() {
      @Override
      public void onPartialResponse(String part) {}

      @Override
      public void onCompleteResponse(ChatResponse response) {
        end.accept(response.aiMessage().text());
      }

      @Override
      public void onError(Throwable error) {
        end.accept(error.toString());
      }
    };
  }
}
