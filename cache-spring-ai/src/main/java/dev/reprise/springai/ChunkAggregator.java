package dev.reprise.springai;

import dev.reprise.model.Answer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AbstractMessage;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.content.Media;

/**
 * Puts the chunks of a stream together to one response. What cannot be put together without loss
 * (two choices, thoughts among the text) is not stored. Used by one thread at a time.
 */
final class ChunkAggregator {
  /** Some models say in every chunk that there is none yet. */
  private static final String FINISH_REASON = "finishReason";

  private final StringBuilder text = new StringBuilder();
  private final List<AssistantMessage.ToolCall> toolCalls = new ArrayList<>();
  private final List<Media> media = new ArrayList<>();
  private final Map<String, @Nullable Object> properties = new LinkedHashMap<>();
  private final Map<String, @Nullable Object> generationValues = new LinkedHashMap<>();
  private final Set<String> contentFilters = new LinkedHashSet<>();
  private final Map<String, Object> values = new LinkedHashMap<>();
  private @Nullable Set<String> propertyNames;
  private @Nullable String finishReason;
  private @Nullable String id;
  private @Nullable String model;
  private @Nullable Usage usage;
  private boolean hasGeneration;
  private @Nullable String loss;

  void add(ChatResponse chunk) {
    try {
      addMetadata(chunk.getMetadata());
      if (chunk.getResults().size() > 1) {
        lost("a chunk has several choices");
      } else {
        chunk.getResults().forEach(this::addGeneration);
      }
    } catch (RuntimeException | LinkageError e) {
      lost("a chunk cannot be read: " + e.getClass().getName());
    }
  }

  private void addMetadata(ChatResponseMetadata metadata) {
    id = isEmpty(metadata.getId()) ? id : metadata.getId();
    model = isEmpty(metadata.getModel()) ? model : metadata.getModel();
    usage = Usages.isEmpty(metadata.getUsage()) ? usage : metadata.getUsage();
    metadata.entrySet().forEach(entry -> values.put(entry.getKey(), entry.getValue()));
  }

  private void addGeneration(Generation generation) {
    hasGeneration = true;
    AssistantMessage message = generation.getOutput();
    if (message.getClass() != AssistantMessage.class) {
      lost("its chunks are of class " + message.getClass().getName());
    }
    if (message.getText() != null) {
      text.append(message.getText());
    }
    toolCalls.addAll(message.getToolCalls());
    media.addAll(message.getMedia());
    Map<String, Object> own = new LinkedHashMap<>(message.getMetadata());
    own.remove(AbstractMessage.MESSAGE_TYPE);
    if ((propertyNames != null && !propertyNames.equals(own.keySet())) || Thoughts.isThought(own)) {
      lost("some of its chunks are of another kind, such as thoughts");
    }
    propertyNames = Set.copyOf(own.keySet());
    merge(properties, own);
    ChatGenerationMetadata metadata = generation.getMetadata();
    finishReason = isEmpty(metadata.getFinishReason()) ? finishReason : metadata.getFinishReason();
    contentFilters.addAll(metadata.getContentFilters());
    Map<String, Object> more = new LinkedHashMap<>();
    metadata.entrySet().forEach(entry -> more.put(entry.getKey(), entry.getValue()));
    merge(generationValues, more);
  }

  private void merge(Map<String, @Nullable Object> all, Map<String, Object> more) {
    more.forEach(
        (name, value) -> {
          Object known = all.get(name);
          if (isEmpty(known) || (name.equals(FINISH_REASON) && !isEmpty(value))) {
            all.put(name, value);
          } else if (!isEmpty(value) && !value.equals(known)) {
            lost("its chunks have different values of " + name);
          }
        });
  }

  private static boolean isEmpty(@Nullable Object value) {
    return value == null
        || (value instanceof String string && string.isEmpty())
        || (value instanceof Collection<?> collection && collection.isEmpty())
        || (value instanceof Map<?, ?> map && map.isEmpty());
  }

  private void lost(String why) {
    if (loss == null) {
      loss = why;
    }
  }

  /** Returns the answer that all chunks together are. */
  Answer answer(ChatResponseCodec codec) {
    if (loss != null) {
      UnmappedWarning.notStored("a stream cannot be put together, " + loss);
      return ChatResponseCodec.unwritable();
    }
    return codec.encode(response());
  }

  private ChatResponse response() {
    ChatResponseMetadata.Builder metadata = ChatResponseMetadata.builder();
    metadata.id(id == null ? "" : id);
    metadata.model(model == null ? "" : model);
    if (usage != null) {
      metadata.usage(usage);
    }
    values.forEach(metadata::keyValue);
    if (!hasGeneration) {
      return new ChatResponse(List.of(), metadata.build());
    }
    Map<String, Object> copy = new LinkedHashMap<>(properties);
    ChatGenerationMetadata.Builder generation =
        ChatGenerationMetadata.builder().finishReason(finishReason).contentFilters(contentFilters);
    generationValues.forEach(generation::metadata);
    AssistantMessage message =
        AssistantMessage.builder()
            .content(text.toString())
            .properties(copy)
            .toolCalls(toolCalls)
            .media(media)
            .build();
    return new ChatResponse(List.of(new Generation(message, generation.build())), metadata.build());
  }
}
