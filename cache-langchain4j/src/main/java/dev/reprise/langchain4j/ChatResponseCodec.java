package dev.reprise.langchain4j;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.output.FinishReason;
import dev.reprise.engine.Outcome;
import dev.reprise.integration.internal.OnceReader;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheException;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Completion;
import dev.reprise.model.HitUsage;
import dev.reprise.model.TokenUsage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes LangChain4j's responses down, and reads them again. Pure.
 *
 * @param whenFinishReasonIsMissing how a response without a finish reason ended
 * @param usageOnHit which token usage a hit has
 */
record ChatResponseCodec(Completion whenFinishReasonIsMissing, HitUsage usageOnHit) {
  /** The name and version of the format; it is part of the key. */
  static final String FORMAT = "langchain4j/1";

  /** The payload of an answer that has no faithful JSON form. Nothing reads it. */
  private static final String NO_PAYLOAD = "";

  private static final ObjectMapper JSON = new ObjectMapper();

  ChatResponseCodec(Completion whenFinishReasonIsMissing) {
    this(whenFinishReasonIsMissing, HitUsage.ORIGINAL);
  }

  // --- writing ----------------------------------------------------------------------------------

  /**
   * Returns what is to be stored of {@code response}. One that cannot be written down faithfully
   * becomes an answer that is not stored and that nobody else can read.
   */
  Answer encode(ChatResponse response) {
    try {
      return encoded(response);
    } catch (RuntimeException | LinkageError e) {
      // The caller gets the response all the same.
      return new Answer(
          NO_PAYLOAD, NO_PAYLOAD, Completion.OTHER, new TokenUsage.Unknown(), Set.of());
    }
  }

  private Answer encoded(ChatResponse response) {
    AiMessage message = response.aiMessage();
    MappedAccessors.requireAllMapped(response);
    MappedAccessors.requireAllMapped(message);
    message.toolExecutionRequests().forEach(MappedAccessors::requireAllMapped);
    message.images().forEach(MappedAccessors::requireAllMapped);
    String text = message.text() == null ? "" : message.text();
    TokenUsage usage = usage(response.tokenUsage());
    String payload = payload(response);
    Completion completion = payload.isEmpty() ? Completion.OTHER : completion(response);
    return new Answer(text, payload, completion, usage, Set.of());
  }

  private static String payload(ChatResponse response) {
    try {
      String payload = JSON.writeValueAsString(tree(response));
      // An attribute may be of a class that JSON gives back as another one.
      return message(JSON.readTree(payload)).equals(response.aiMessage()) ? payload : NO_PAYLOAD;
    } catch (JsonProcessingException | RuntimeException e) {
      return NO_PAYLOAD;
    }
  }

  private static ObjectNode tree(ChatResponse response) {
    AiMessage message = response.aiMessage();
    ObjectNode tree = JSON.createObjectNode();
    tree.put("text", message.text());
    tree.put("thinking", message.thinking());
    ArrayNode calls = tree.putArray("toolCalls");
    for (ToolExecutionRequest call : message.toolExecutionRequests()) {
      calls
          .addObject()
          .put("id", call.id())
          .put("name", call.name())
          .put("arguments", call.arguments());
    }
    ArrayNode images = tree.putArray("images");
    for (Image image : message.images()) {
      images
          .addObject()
          .put("url", image.url() == null ? null : image.url().toString())
          .put("base64", image.base64Data())
          .put("mediaType", image.mimeType())
          .put("revisedPrompt", image.revisedPrompt());
    }
    Map<String, Object> attributes = new HashMap<>(message.attributes());
    attributes.remove(AiMessage.GENERATED_IMAGES_KEY);
    tree.set("attributes", JSON.valueToTree(attributes));
    tree.put("id", response.id());
    tree.put("model", response.modelName());
    dev.langchain4j.model.output.TokenUsage usage = response.tokenUsage();
    if (usage != null) {
      tree.putObject("usage")
          .put("input", usage.inputTokenCount())
          .put("output", usage.outputTokenCount())
          .put("total", usage.totalTokenCount());
    }
    FinishReason reason = response.finishReason();
    tree.put("finishReason", reason == null ? null : reason.name());
    putProviders(tree, "providerMetadata", response.metadata());
    putProviders(tree, "providerUsage", usage);
    return tree;
  }

  /** Adds what a provider's own class says beyond LangChain4j's; nothing where that fails. */
  private static void putProviders(ObjectNode tree, String name, @Nullable Object object) {
    if (object == null
        || object.getClass() == ChatResponseMetadata.class
        || object.getClass() == dev.langchain4j.model.output.TokenUsage.class) {
      return;
    }
    try {
      ProviderObjects.write(object).ifPresent(form -> tree.set(name, form));
    } catch (RuntimeException | LinkageError e) {
      tree.remove(name);
    }
  }

  private static TokenUsage usage(dev.langchain4j.model.output.@Nullable TokenUsage usage) {
    return usage == null
            || usage.inputTokenCount() == null
            || usage.outputTokenCount() == null
            || usage.inputTokenCount() < 0
            || usage.outputTokenCount() < 0
        ? new TokenUsage.Unknown()
        : new TokenUsage.Known(usage.inputTokenCount(), usage.outputTokenCount());
  }

  private Completion completion(ChatResponse response) {
    AiMessage message = response.aiMessage();
    if (message.hasToolExecutionRequests()) {
      // Some providers say "stop" beside their tool calls.
      return Completion.TOOL_CALLS;
    }
    if (!message.images().isEmpty()) {
      return Completion.OTHER;
    }
    FinishReason reason = response.finishReason();
    if (reason == null) {
      return whenFinishReasonIsMissing;
    }
    return switch (reason) {
      case STOP -> Completion.COMPLETE;
      case LENGTH -> Completion.TRUNCATED;
      case TOOL_EXECUTION -> Completion.TOOL_CALLS;
      case CONTENT_FILTER -> Completion.FILTERED;
      case OTHER -> Completion.OTHER;
    };
  }

  // --- reading ----------------------------------------------------------------------------------

  /**
   * What a payload holds.
   *
   * @param message the model's message
   * @param id the provider's identifier of the response, or null
   * @param modelName the model that answered, as the provider names it, or null
   * @param usage what it cost, or null
   * @param finishReason why it ended, or null
   */
  record Decoded(
      AiMessage message,
      @Nullable String id,
      @Nullable String modelName,
      dev.langchain4j.model.output.@Nullable TokenUsage usage,
      @Nullable FinishReason finishReason,
      @Nullable JsonNode providerMetadata,
      @Nullable JsonNode providerUsage) {

    /**
     * Returns the response. Its metadata are of the provider's own class where they can be made,
     * and else, for a hit, {@link CacheMetadata}.
     */
    ChatResponse response(Outcome.Answered outcome, HitUsage usageOnHit) {
      boolean isZero = usageOnHit == HitUsage.ZERO && outcome instanceof Outcome.Hit;
      dev.langchain4j.model.output.@Nullable TokenUsage shown =
          providerUsage(isZero).orElseGet(() -> plainUsage(isZero));
      ChatResponseMetadata metadata =
          providerMetadata(shown).orElseGet(() -> plainMetadata(outcome, shown));
      if (outcome instanceof Outcome.Hit hit) {
        CacheMetadata.remember(metadata, hit);
      }
      return ChatResponse.builder().aiMessage(message).metadata(metadata).build();
    }

    private Optional<dev.langchain4j.model.output.TokenUsage> providerUsage(boolean isZero) {
      Map<String, @Nullable Object> zeros = new HashMap<>();
      if (isZero && providerUsage != null) {
        for (Map.Entry<String, JsonNode> field : providerUsage.path("fields").properties()) {
          zeros.put(field.getKey(), field.getValue().isIntegralNumber() ? 0 : null);
        }
      }
      return ProviderObjects.read(
          providerUsage, dev.langchain4j.model.output.TokenUsage.class, zeros);
    }

    private dev.langchain4j.model.output.@Nullable TokenUsage plainUsage(boolean isZero) {
      return isZero && usage != null ? new dev.langchain4j.model.output.TokenUsage(0, 0, 0) : usage;
    }

    private Optional<ChatResponseMetadata> providerMetadata(
        dev.langchain4j.model.output.@Nullable TokenUsage shown) {
      Map<String, @Nullable Object> own = new HashMap<>();
      own.put("id", id);
      own.put("modelName", modelName);
      own.put("tokenUsage", shown);
      own.put("finishReason", finishReason);
      try {
        // A provider's class casts its usage to its own class.
        return ProviderObjects.read(providerMetadata, ChatResponseMetadata.class, own)
            .filter(made -> Objects.equals(made.tokenUsage(), shown));
      } catch (ClassCastException e) {
        return Optional.empty();
      }
    }

    private ChatResponseMetadata plainMetadata(
        Outcome.Answered outcome, dev.langchain4j.model.output.@Nullable TokenUsage shown) {
      ChatResponseMetadata.Builder<?> metadata =
          outcome instanceof Outcome.Hit hit
              ? CacheMetadata.builder(hit)
              : ChatResponseMetadata.builder();
      metadata.id(id);
      metadata.modelName(modelName);
      metadata.tokenUsage(shown);
      metadata.finishReason(finishReason);
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
    return encode(
        ChatResponse.builder()
            .aiMessage(AiMessage.from(text))
            .modelName(request.model())
            .tokenUsage(new dev.langchain4j.model.output.TokenUsage(0, 0))
            .finishReason(FinishReason.STOP)
            .build());
  }

  /**
   * Reads a payload.
   *
   * @throws CacheException if it cannot be read
   */
  static Decoded decode(String payload) {
    JsonNode tree = parse(payload);
    try {
      JsonNode usage = tree.get("usage");
      return new Decoded(
          message(tree),
          text(tree, "id"),
          text(tree, "model"),
          usage == null
              ? null
              : new dev.langchain4j.model.output.TokenUsage(
                  integer(usage, "input"), integer(usage, "output"), integer(usage, "total")),
          finishReason(tree),
          tree.get("providerMetadata"),
          tree.get("providerUsage"));
    } catch (IllegalArgumentException e) {
      throw unreadable("it has a field of another form");
    }
  }

  private static JsonNode parse(String payload) {
    try {
      JsonNode tree = JSON.readTree(payload);
      if (tree == null || !tree.isObject()) {
        throw unreadable("it is no JSON object");
      }
      return tree;
    } catch (JsonProcessingException e) {
      // Its message quotes the payload, which is a user's.
      throw unreadable("it is no JSON");
    }
  }

  private static CacheException unreadable(String why) {
    return new CacheException("a payload of format " + FORMAT + " cannot be read: " + why);
  }

  private static AiMessage message(JsonNode tree) {
    List<ToolExecutionRequest> calls = new ArrayList<>();
    for (JsonNode call : required(tree, "toolCalls")) {
      calls.add(
          ToolExecutionRequest.builder()
              .id(text(call, "id"))
              .name(text(call, "name"))
              .arguments(text(call, "arguments"))
              .build());
    }
    Map<String, Object> attributes = new HashMap<>();
    required(tree, "attributes")
        .properties()
        .forEach(
            member ->
                attributes.put(
                    member.getKey(), JSON.convertValue(member.getValue(), Object.class)));
    List<Image> images = new ArrayList<>();
    for (JsonNode node : required(tree, "images")) {
      Image.Builder image =
          Image.builder()
              .base64Data(text(node, "base64"))
              .mimeType(text(node, "mediaType"))
              .revisedPrompt(text(node, "revisedPrompt"));
      String url = text(node, "url");
      images.add(url == null ? image.build() : image.url(url).build());
    }
    if (!images.isEmpty()) {
      attributes.put(AiMessage.GENERATED_IMAGES_KEY, images);
    }
    return AiMessage.builder()
        .text(text(tree, "text"))
        .thinking(text(tree, "thinking"))
        .toolExecutionRequests(calls)
        .attributes(attributes)
        .build();
  }

  private static @Nullable FinishReason finishReason(JsonNode tree) {
    String name = text(tree, "finishReason");
    return name == null ? null : FinishReason.valueOf(name);
  }

  private static JsonNode required(JsonNode tree, String name) {
    JsonNode node = tree.get(name);
    if (node == null) {
      throw unreadable("it has no " + name);
    }
    return node;
  }

  private static @Nullable String text(JsonNode tree, String name) {
    JsonNode node = tree.get(name);
    return node == null || node.isNull() ? null : node.asText();
  }

  private static @Nullable Integer integer(JsonNode tree, String name) {
    JsonNode node = tree.get(name);
    return node == null || node.isNull() ? null : Integer.valueOf(node.asInt());
  }
}
