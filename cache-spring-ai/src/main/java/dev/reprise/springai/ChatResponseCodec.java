package dev.reprise.springai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.Outcome;
import dev.reprise.integration.internal.OnceReader;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheException;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Completion;
import dev.reprise.model.HitUsage;
import dev.reprise.model.TokenUsage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/**
 * Writes Spring AI's responses down, and reads them again. Pure.
 *
 * @param whenFinishReasonIsMissing how a response without a finish reason ended
 * @param usageOnHit which token usage a hit has
 */
record ChatResponseCodec(Completion whenFinishReasonIsMissing, HitUsage usageOnHit) {
  /** The name and version of the format; it is part of the key. */
  static final String FORMAT = "spring-ai/1";

  /** The payload of an answer that has no faithful JSON form. Nothing reads it. */
  private static final String NO_PAYLOAD = "";

  ChatResponseCodec withMissing(Completion completion) {
    return new ChatResponseCodec(completion, usageOnHit);
  }

  // --- writing ----------------------------------------------------------------------------------

  /**
   * Returns what is to be stored of {@code response}. One that cannot be written down faithfully
   * becomes an answer that is not stored and that nobody else can read.
   */
  Answer encode(@Nullable ChatResponse response) {
    try {
      if (response != null && response.getClass() == ChatResponse.class) {
        return encoded(response);
      }
      UnmappedWarning.notStored(
          "the model returned " + (response == null ? "null" : response.getClass().getName()));
    } catch (CacheException e) {
      UnmappedWarning.notStored(String.valueOf(e.getMessage()));
    } catch (RuntimeException | LinkageError e) {
      // The caller gets the response all the same.
      UnmappedWarning.notStored("writing it down failed with " + e.getClass().getName());
    }
    return unwritable();
  }

  /** Returns an answer that is not stored and that nobody else can read. */
  static Answer unwritable() {
    return new Answer(NO_PAYLOAD, NO_PAYLOAD, Completion.OTHER, new TokenUsage.Unknown(), Set.of());
  }

  private Answer encoded(ChatResponse response) {
    String payload = tree(response).toString();
    if (!payload.equals(tree(decode(payload).response()).toString())) {
      throw new CacheException("reading it again does not give an equal response");
    }
    return new Answer(
        text(response),
        payload,
        Completions.of(response, whenFinishReasonIsMissing),
        Usages.tokens(response.getMetadata().getUsage()),
        Set.of());
  }

  /** Returns what the model says to the reader; what it thought is no part of that. */
  private static String text(ChatResponse response) {
    for (Generation generation : response.getResults()) {
      AssistantMessage message = generation.getOutput();
      String text = message.getText();
      if (text != null && !text.isBlank() && !Thoughts.isThought(message.getMetadata())) {
        return text;
      }
    }
    return "";
  }

  private static ObjectNode tree(ChatResponse response) {
    ObjectNode tree = ValueCodec.json().createObjectNode();
    ChatResponseMetadata metadata = response.getMetadata();
    tree.put("id", metadata.getId());
    tree.put("model", metadata.getModel());
    Usages.write(metadata.getUsage()).ifPresent(usage -> tree.set("usage", usage));
    ObjectNode values = tree.putObject("metadata");
    Map<String, Object> sorted = new TreeMap<>();
    metadata.entrySet().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    sorted.keySet().removeIf(name -> name.startsWith(CacheMetadata.PREFIX));
    sorted.forEach((name, value) -> put(values, name, value));
    ArrayNode generations = tree.putArray("generations");
    for (Generation generation : response.getResults()) {
      if (generation.getClass() != Generation.class) {
        throw new CacheException("it has a generation of " + generation.getClass().getName());
      }
      generations.add(generation(generation));
    }
    return tree;
  }

  /** Adds a value of the response's metadata, which no later request carries; or leaves it out. */
  private static void put(ObjectNode values, String name, Object value) {
    try {
      values.set(name, ValueCodec.write(value));
    } catch (ValueCodec.UnwritableException e) {
      values.remove(name);
    }
  }

  private static ObjectNode generation(Generation generation) {
    ObjectNode tree = ValueCodec.json().createObjectNode();
    tree.set("message", MessageCodec.write(generation.getOutput()));
    ChatGenerationMetadata metadata = generation.getMetadata();
    tree.put("finishReason", metadata.getFinishReason());
    ArrayNode filters = tree.putArray("contentFilters");
    metadata.getContentFilters().stream().sorted().forEach(filters::add);
    Map<String, @Nullable Object> values = new TreeMap<>();
    metadata.entrySet().forEach(entry -> values.put(entry.getKey(), entry.getValue()));
    tree.set("metadata", ValueCodec.write(values));
    return tree;
  }

  // --- reading ----------------------------------------------------------------------------------

  /** What a payload holds. Immutable. */
  record Decoded(JsonNode tree, List<Generation> generations) {
    /** Returns the response of the call that was once made. */
    ChatResponse response() {
      return response(null, HitUsage.ORIGINAL);
    }

    /**
     * Returns the response.
     *
     * @param outcome how it was obtained, if it is served
     */
    ChatResponse response(Outcome.@Nullable Answered outcome, HitUsage usageOnHit) {
      ChatResponseMetadata metadata = metadata(outcome, usageOnHit);
      ChatResponse response = new ChatResponse(generations, metadata);
      if (outcome instanceof Outcome.Hit hit) {
        CacheMetadata.remember(metadata, hit);
      }
      return response;
    }

    /** Returns new metadata, since each response has its own. */
    ChatResponseMetadata metadata(Outcome.@Nullable Answered outcome, HitUsage usageOnHit) {
      ChatResponseMetadata.Builder metadata = ChatResponseMetadata.builder();
      String id = tree.path("id").textValue();
      String model = tree.path("model").textValue();
      metadata.id(id == null ? "" : id);
      metadata.model(model == null ? "" : model);
      JsonNode usage = tree.get("usage");
      if (usage != null) {
        metadata.usage(
            Usages.read(usage, usageOnHit == HitUsage.ZERO && outcome instanceof Outcome.Hit));
      }
      ValueCodec.readMap(tree.path("metadata")).forEach(metadata::keyValue);
      if (outcome instanceof Outcome.Hit hit) {
        CacheMetadata.values(hit).forEach(metadata::keyValue);
      }
      return metadata.build();
    }
  }

  /** Returns what reads the answers of one request. */
  OnceReader<ChatResponse> reader() {
    OnceReader<ChatResponse> reader =
        OnceReader.of(
            payload -> {
              Decoded decoded = decode(payload);
              return outcome -> decoded.response(outcome, usageOnHit);
            });
    return reader.writing(this::ofText);
  }

  /** Returns a response that says {@code text}, as an answer. */
  private Answer ofText(CacheRequest request, String text) {
    Generation generation =
        new Generation(
            new AssistantMessage(text),
            ChatGenerationMetadata.builder().finishReason("STOP").build());
    return encode(
        new ChatResponse(
            List.of(generation), ChatResponseMetadata.builder().model(request.model()).build()));
  }

  /**
   * Reads a payload.
   *
   * @throws CacheException if it cannot be read
   */
  static Decoded decode(String payload) {
    JsonNode tree;
    try {
      tree = ValueCodec.json().readTree(payload);
    } catch (JsonProcessingException e) {
      // Its message quotes the payload, which is a user's.
      throw ValueCodec.unreadable("no JSON");
    }
    if (tree == null || !tree.isObject() || !tree.path("generations").isArray()) {
      throw ValueCodec.unreadable("another form");
    }
    try {
      List<Generation> generations = new ArrayList<>();
      tree.path("generations").forEach(node -> generations.add(readGeneration(node)));
      return new Decoded(tree, List.copyOf(generations));
    } catch (IllegalArgumentException e) {
      throw ValueCodec.unreadable("a field of another form");
    }
  }

  private static Generation readGeneration(JsonNode tree) {
    Set<String> filters = new LinkedHashSet<>();
    tree.path("contentFilters").forEach(filter -> filters.add(filter.asText()));
    ChatGenerationMetadata.Builder metadata =
        ChatGenerationMetadata.builder()
            .finishReason(tree.path("finishReason").textValue())
            .contentFilters(filters);
    ValueCodec.readMap(tree.path("metadata")).forEach(metadata::metadata);
    return new Generation(MessageCodec.read(tree.path("message")), metadata.build());
  }
}
