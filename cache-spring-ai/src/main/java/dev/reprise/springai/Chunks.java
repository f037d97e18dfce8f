package dev.reprise.springai;

import dev.reprise.integration.internal.TextChunks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.ai.chat.messages.AbstractMessage;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/** Gives a whole response as the chunks of a stream: word by word, the rest with the last word. */
final class Chunks {
  private Chunks() {}

  static List<ChatResponse> replay(ChatResponse response) {
    Generation only = response.getResults().size() == 1 ? response.getResults().get(0) : null;
    String text = only == null ? null : only.getOutput().getText();
    if (only == null || text == null || only.getOutput().getClass() != AssistantMessage.class) {
      return List.of(response);
    }
    List<String> words = TextChunks.of(text);
    List<ChatResponse> chunks = new ArrayList<>();
    for (int i = 0; i < words.size() - 1; i++) {
      chunks.add(part(response, only, words.get(i)));
    }
    chunks.add(last(response, only, words.isEmpty() ? "" : words.get(words.size() - 1)));
    return chunks;
  }

  private static ChatResponse part(ChatResponse response, Generation only, String word) {
    ChatResponseMetadata whole = response.getMetadata();
    ChatResponseMetadata.Builder metadata =
        ChatResponseMetadata.builder().id(whole.getId()).model(whole.getModel());
    whole.entrySet().forEach(entry -> metadata.keyValue(entry.getKey(), entry.getValue()));
    // Like a stream's own chunks: usage comes with the last one.
    metadata.usage(new DefaultUsage(0, 0, 0));
    AssistantMessage message =
        AssistantMessage.builder().content(word).properties(properties(only)).build();
    return new ChatResponse(
        List.of(new Generation(message, ChatGenerationMetadata.NULL)), metadata.build());
  }

  private static ChatResponse last(ChatResponse response, Generation only, String word) {
    AssistantMessage whole = only.getOutput();
    AssistantMessage message =
        AssistantMessage.builder()
            .content(word)
            .properties(properties(only))
            .toolCalls(whole.getToolCalls())
            .media(whole.getMedia())
            .build();
    return new ChatResponse(
        List.of(new Generation(message, only.getMetadata())), response.getMetadata());
  }

  private static Map<String, Object> properties(Generation only) {
    Map<String, Object> properties = new LinkedHashMap<>(only.getOutput().getMetadata());
    properties.remove(AbstractMessage.MESSAGE_TYPE);
    return properties;
  }
}
