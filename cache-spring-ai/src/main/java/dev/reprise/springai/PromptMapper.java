package dev.reprise.springai;

import dev.reprise.integration.internal.Mapping;
import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.model.CacheException;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.ContentHash;
import dev.reprise.model.Document;
import dev.reprise.model.JsonObject;
import dev.reprise.model.Part;
import dev.reprise.model.Reason;
import dev.reprise.model.Role;
import dev.reprise.model.Scope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AbstractMessage;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;

/**
 * Maps a prompt and the model's default options into the cache's vocabulary: all of it or nothing.
 * Pure.
 *
 * @param scopeFor who may share the answer to a prompt; null where nobody knows
 * @param provider whose model it is
 * @param modelName the model's name where it is not the options'; empty where it is
 * @param mappings how objects in options are mapped
 */
record PromptMapper(
    Function<Prompt, @Nullable Scope> scopeFor,
    String provider,
    String modelName,
    ObjectMappings mappings) {

  /**
   * What {@code AbstractMessage} keeps; anything else is a subclass's, and becomes an attribute.
   */
  private static final Set<String> MAPPED_FIELDS =
      Set.of("messageType", "textContent", "metadata", "media", "toolCalls", "responses");

  private static final Pattern GENERATED_NAME =
      Pattern.compile("media-.*-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  /**
   * Maps a prompt.
   *
   * @param defaults the model's options, or null
   * @param added what shapes the answer beside the prompt
   * @param documents versions of documents beside those of the options
   */
  Mapping map(
      Prompt prompt,
      @Nullable ChatOptions defaults,
      CacheRequestOptions options,
      Map<String, Object> added,
      List<Document> documents) {
    try {
      Scope scope = options.scope() == null ? scopeFor.apply(prompt) : options.scope();
      if (scope == null) {
        return new Mapping.Unmapped(
            new Reason(
                Reason.Code.NO_SCOPE,
                "the function given as scopeFor knows no scope for the prompt"),
            options.control());
      }
      return new Mapping.Mapped(mapped(prompt, defaults, options, scope, added, documents));
    } catch (CacheException | IllegalArgumentException e) {
      // JsonObject and the records of the model name what they refuse by its path, not by its text.
      return unmapped(e.getMessage(), options);
    } catch (RuntimeException e) {
      return unmapped("mapping the prompt failed with " + e.getClass().getName(), options);
    } catch (LinkageError e) {
      // Another version of Spring AI than those this one was built for. Its message names a member.
      return unmapped(
          "this version of Spring AI, or of the provider's module, does not fit the cache: "
              + e.getClass().getSimpleName()
              + " "
              + e.getMessage(),
          options);
    }
  }

  static Mapping unmapped(@Nullable String detail, CacheRequestOptions options) {
    return new Mapping.Unmapped(
        new Reason(Reason.Code.UNMAPPABLE, String.valueOf(detail)), options.control());
  }

  private CacheRequest mapped(
      Prompt prompt,
      @Nullable ChatOptions defaults,
      CacheRequestOptions options,
      Scope scope,
      Map<String, Object> added,
      List<Document> documents) {
    if (prompt.getClass() != Prompt.class) {
      throw UnmappableException.unknown("a prompt", prompt);
    }
    EffectiveOptions effective = EffectiveOptions.of(prompt.getOptions(), defaults, mappings);
    JsonObject parameters = effective.parameters();
    for (Map.Entry<String, Object> more : added.entrySet()) {
      parameters = parameters.with(more.getKey(), more.getValue());
    }
    List<Document> all = new ArrayList<>(options.documents());
    all.addAll(documents);
    String model = modelName.isEmpty() ? effective.model() : modelName;
    return new CacheRequest(
        scope,
        provider,
        model == null ? "" : model,
        prompt.getInstructions().stream().map(this::message).toList(),
        effective.tools(),
        parameters,
        all,
        options.useCase(),
        ChatResponseCodec.FORMAT,
        options.control());
  }

  // --- messages ---------------------------------------------------------------------------------

  private dev.reprise.model.Message message(Message message) {
    if (!(message instanceof AbstractMessage)) {
      throw UnmappableException.unknown("a message", message);
    }
    Role role;
    List<Part> parts = new ArrayList<>();
    if (message instanceof UserMessage user) {
      role = Role.USER;
      parts.addAll(FormatInstructions.split(user.getText()));
      user.getMedia().forEach(media -> parts.add(media(media)));
    } else if (message instanceof SystemMessage) {
      role = Role.SYSTEM;
      addText(parts, message.getText());
    } else if (message instanceof AssistantMessage assistant) {
      role = Role.ASSISTANT;
      addText(parts, assistant.getText());
      for (AssistantMessage.ToolCall call : assistant.getToolCalls()) {
        parts.add(toolCall(call));
      }
      assistant.getMedia().forEach(media -> parts.add(media(media)));
    } else if (message instanceof ToolResponseMessage tool) {
      role = Role.TOOL;
      for (ToolResponseMessage.ToolResponse response : tool.getResponses()) {
        parts.add(
            new Part.ToolResult(
                orEmpty(response.id()),
                orEmpty(response.name()),
                List.of(new Part.Text(orEmpty(response.responseData()))),
                JsonObject.empty()));
      }
    } else {
      throw UnmappableException.unknown("a message", message);
    }
    return new dev.reprise.model.Message(role, parts, attributes(message));
  }

  private static void addText(List<Part> parts, @Nullable String text) {
    if (text != null) {
      parts.add(new Part.Text(text));
    }
  }

  private static Part toolCall(AssistantMessage.ToolCall call) {
    if (!"function".equals(call.type())) {
      return new Part.Opaque(
          "tool_call",
          JsonObject.of("type", call.type())
              .with("id", call.id())
              .with("name", call.name())
              .with("arguments", call.arguments()));
    }
    return new Part.ToolCall(orEmpty(call.id()), orEmpty(call.name()), orEmpty(call.arguments()));
  }

  /** Metadata and what a subclass adds: some models read them. */
  private JsonObject attributes(Message message) {
    ObjectTree trees = new ObjectTree(mappings);
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>(message.getMetadata());
    // It follows from the class.
    metadata.remove(AbstractMessage.MESSAGE_TYPE);
    if (!metadata.isEmpty()) {
      attributes.put("metadata", trees.value(metadata, message.getClass(), "metadata"));
    }
    Map<String, @Nullable Object> more = trees.fields(message, MAPPED_FIELDS);
    if (!more.isEmpty()) {
      attributes.put("fields", more);
      attributes.put("class", message.getClass().getName());
    }
    return new JsonObject(attributes);
  }

  // --- media ------------------------------------------------------------------------------------

  private static Part media(Media media) {
    if (media.getClass() != Media.class) {
      throw UnmappableException.unknown("a medium", media);
    }
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    if (media.getId() != null) {
      attributes.put("id", media.getId());
    }
    if (media.getName() != null && !GENERATED_NAME.matcher(media.getName()).matches()) {
      attributes.put("name", media.getName());
    }
    String type = media.getMimeType().toString();
    return new Part.Media(kind(media), source(media, type, attributes), new JsonObject(attributes));
  }

  private static String kind(Media media) {
    String type = media.getMimeType().getType();
    return Set.of("image", "audio", "video").contains(type) ? type : "file";
  }

  private static Part.MediaSource source(
      Media media, String type, Map<String, @Nullable Object> attributes) {
    Object data = media.getData();
    if (data instanceof byte[] bytes) {
      return new Part.Inline(ContentHash.of(bytes), type);
    }
    if (data instanceof java.net.URL || data instanceof java.net.URI) {
      attributes.put("media_type", type);
      return new Part.Remote(data.toString());
    }
    if (data instanceof String text) {
      if (text.matches("(?s)[a-zA-Z][a-zA-Z0-9+.-]*://.*")) {
        attributes.put("media_type", type);
        return new Part.Remote(text);
      }
      attributes.put("encoding", "text");
      return new Part.Inline(ContentHash.of(text.getBytes(StandardCharsets.UTF_8)), type);
    }
    throw UnmappableException.unknown("the data of a medium", data);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
