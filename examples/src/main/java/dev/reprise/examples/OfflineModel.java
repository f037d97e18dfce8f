package dev.reprise.examples;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands for a real model, so that the examples run offline; it repeats what it was told. */
final class OfflineModel {
  private static final ChatRequestParameters PARAMETERS =
      ChatRequestParameters.builder().modelName("offline-1").temperature(0.0).build();

  private final AtomicInteger calls = new AtomicInteger();

  /** Returns how often it was called. */
  int calls() {
    return calls.get();
  }

  ChatModel awaited() {
    return new ChatModel() {
      @Override
      public ChatResponse doChat(ChatRequest request) {
        return answer(request);
      }

      @Override
      public ChatRequestParameters defaultRequestParameters() {
        return PARAMETERS;
      }
    };
  }

  StreamingChatModel streamed() {
    return new StreamingChatModel() {
      @Override
      public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        ChatResponse response = answer(request);
        for (String piece : response.aiMessage().text().split("(?<= )", -1)) {
          handler.onPartialResponse(piece);
        }
        handler.onCompleteResponse(response);
      }

      @Override
      public ChatRequestParameters defaultRequestParameters() {
        return PARAMETERS;
      }
    };
  }

  private ChatResponse answer(ChatRequest request) {
    calls.incrementAndGet();
    ChatMessage last = request.messages().get(request.messages().size() - 1);
    String asked = last instanceof UserMessage user ? user.singleText() : "";
    return ChatResponse.builder()
        .aiMessage(AiMessage.from("You said: " + asked))
        .tokenUsage(new TokenUsage(20, 10))
        .finishReason(FinishReason.STOP)
        .build();
  }
}
