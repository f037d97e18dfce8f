package dev.reprise.peers;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.Flux;

/** A model that counts its calls, and answers with their number. */
final class EchoModel implements ChatModel {
  private final AtomicInteger calls = new AtomicInteger();

  int calls() {
    return calls.get();
  }

  @Override
  public ChatOptions getOptions() {
    return ChatOptions.builder().model("echo").temperature(0.0).build();
  }

  private static ChatResponse response(String text, String finishReason) {
    return new ChatResponse(
        List.of(
            new Generation(
                new AssistantMessage(text),
                ChatGenerationMetadata.builder().finishReason(finishReason).build())));
  }

  @Override
  public ChatResponse call(Prompt prompt) {
    return response("This is answer number " + calls.incrementAndGet() + ".", "STOP");
  }

  @Override
  public Flux<ChatResponse> stream(Prompt prompt) {
    int number = calls.incrementAndGet();
    return Flux.just(response("This is ", ""), response("answer number " + number + ".", "STOP"));
  }
}
