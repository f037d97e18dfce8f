package dev.reprise.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.audio.Audio;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.CustomMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.message.VideoContent;
import dev.langchain4j.data.pdf.PdfFile;
import dev.langchain4j.data.video.Video;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.reprise.integration.internal.Mapping;
import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.model.CacheException;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.ContentHash;
import dev.reprise.model.JsonObject;
import dev.reprise.model.Message;
import dev.reprise.model.Part;
import dev.reprise.model.Reason;
import dev.reprise.model.Role;
import dev.reprise.model.Scope;
import dev.reprise.model.Tool;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * Every class is compared exactly: LangChain4j's message, content and schema classes are open, and a subclass may have a field
 * that shapes the answer. MapperCompletenessTest holds that each accessor of each class changes the key, so that a field that
 * LangChain4j adds fails the build.
 */
/**
 * Maps a LangChain4j request, its defaults merged in, into the cache's vocabulary: all of it or
 * nothing. Pure.
 *
 * @param scopeFor who may share the answer to a request; null where nobody knows
 * @param provider whose model it is
 * @param modelName the model's name where it is not the request's; empty where it is
 * @param nameless what stands for the provider where a request has no model's name; empty where
 *     such a request is not mapped, since two models of the provider would share answers
 * @param parametersMappers the classes of parameters that are known
 */
record ChatRequestMapper(
    Function<ChatRequest, @Nullable Scope> scopeFor,
    String provider,
    String modelName,
    String nameless,
    ParametersMappers parametersMappers) {
  private static final String UNKNOWN_MEDIA_TYPE = "application/octet-stream";

  ChatRequestMapper(
      Scope scope, String provider, String modelName, ParametersMappers parametersMappers) {
    this(request -> scope, provider, modelName, provider, parametersMappers);
  }

  Mapping map(ChatRequest request, CacheRequestOptions options) {
    try {
      Scope scope = options.scope() == null ? scopeFor.apply(request) : options.scope();
      if (scope == null) {
        return new Mapping.Unmapped(
            new Reason(
                Reason.Code.NO_SCOPE,
                "the function given as scopeFor knows no scope for the request"),
            options.control());
      }
      return new Mapping.Mapped(mapped(request, options, scope));
    } catch (CacheException | IllegalArgumentException e) {
      // JsonObject and the records of the model name what they refuse by its path, not by its text.
      return unmapped(e.getMessage(), options);
    } catch (RuntimeException e) {
      return unmapped("mapping the request failed with " + e.getClass().getName(), options);
    } catch (LinkageError e) {
      // Another version of LangChain4j than this one was built for. Its message names a member.
      return unmapped(
          "this version of LangChain4j, or of the provider's module, does not fit the cache: "
              + e.getClass().getSimpleName()
              + " "
              + e.getMessage(),
          options);
    }
  }

  private static Mapping unmapped(@Nullable String detail, CacheRequestOptions options) {
    return new Mapping.Unmapped(
        new Reason(Reason.Code.UNMAPPABLE, String.valueOf(detail)), options.control());
  }

  private CacheRequest mapped(ChatRequest request, CacheRequestOptions options, Scope scope) {
    if (request.getClass() != ChatRequest.class) {
      throw UnmappableException.unknown("a request", request);
    }
    MappedAccessors.requireAllMapped(request);
    ChatRequestParameters parameters = request.parameters();
    String model = orEmpty(modelName.isEmpty() ? parameters.modelName() : modelName);
    if (model.isEmpty() && nameless.isEmpty()) {
      throw new UnmappableException(
          "the model does not tell its name, so two models of "
              + provider
              + " would share answers; set modelName(...) on the builder of the caching model");
    }
    List<Tool> tools = new ArrayList<>();
    for (ToolSpecification tool : orEmpty(parameters.toolSpecifications())) {
      tools.add(tool(tool));
    }
    return new CacheRequest(
        scope,
        model.isEmpty() ? nameless : provider,
        model,
        request.messages().stream().map(ChatRequestMapper::message).toList(),
        tools,
        parameters(parameters),
        options.documents(),
        options.useCase(),
        ChatResponseCodec.FORMAT,
        options.control());
  }

  // --- parameters -------------------------------------------------------------------------------

  private JsonObject parameters(ChatRequestParameters parameters) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    put(values, CacheRequest.TEMPERATURE, parameters.temperature());
    put(values, "top_p", parameters.topP());
    put(values, "top_k", parameters.topK());
    put(values, "frequency_penalty", parameters.frequencyPenalty());
    put(values, "presence_penalty", parameters.presencePenalty());
    put(values, "max_tokens", parameters.maxOutputTokens());
    List<String> stop = orEmpty(parameters.stopSequences());
    put(values, "stop", stop.isEmpty() ? null : stop);
    ToolChoice choice = parameters.toolChoice();
    put(values, "tool_choice", choice == null ? null : choice.name().toLowerCase(Locale.ROOT));
    ResponseFormat format = parameters.responseFormat();
    put(values, "response_format", format == null ? null : responseFormat(format));
    JsonObject extras = extras(parameters);
    extras
        .values()
        .forEach(
            (name, value) -> {
              if (values.containsKey(name)) {
                throw new UnmappableException("parameter '" + name + "' is set twice");
              }
              values.put(name, value);
            });
    return new JsonObject(values);
  }

  private JsonObject extras(ChatRequestParameters parameters) {
    try {
      return parametersMappers.extras(parameters);
    } catch (UnmappableException e) {
      throw new UnmappableException(
          e.getMessage()
              + "; register a mapper with parametersMappers(ParametersMappers.defaults().with("
              + parameters.getClass().getSimpleName()
              + ".class, ...))");
    }
  }

  static Map<String, @Nullable Object> responseFormat(ResponseFormat format) {
    if (format.getClass() != ResponseFormat.class) {
      throw UnmappableException.unknown("a response format", format);
    }
    MappedAccessors.requireAllMapped(format);
    JsonSchema schema = format.jsonSchema();
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("type", formatType(format.type().name(), schema));
    put(tree, "json_schema", schema == null ? null : SchemaMapper.schema(schema));
    return tree;
  }

  /** A constant that a newer LangChain4j adds is no JSON. */
  static String formatType(String name, @Nullable JsonSchema schema) {
    return switch (name) {
      case "TEXT" -> "text";
      case "JSON" -> schema == null ? "json_object" : "json_schema";
      default -> throw new UnmappableException("response format " + name + " is not known");
    };
  }

  /**
   * Returns what an accessor says that older versions of LangChain4j lack: there is no field then.
   */
  // A method reference would be linked before it is called.
  private static <T> @Nullable T ifThere(Supplier<@Nullable T> accessor) {
    try {
      return accessor.get();
    } catch (NoSuchMethodError e) {
      return null;
    }
  }

  static Tool tool(ToolSpecification tool) {
    if (tool.getClass() != ToolSpecification.class) {
      throw UnmappableException.unknown("a tool", tool);
    }
    MappedAccessors.requireAllMapped(tool);
    Map<String, @Nullable Object> definition = new LinkedHashMap<>();
    put(definition, "description", tool.description());
    put(
        definition,
        "parameters",
        tool.parameters() == null ? null : SchemaMapper.element(tool.parameters()));
    put(definition, "strict", ifThere(() -> tool.strict()));
    Map<String, Object> metadata = ifThere(() -> tool.metadata());
    put(definition, "metadata", metadata == null || metadata.isEmpty() ? null : metadata);
    return new Tool(tool.name(), new JsonObject(definition));
  }

  // --- messages ---------------------------------------------------------------------------------

  private static Message message(ChatMessage message) {
    Class<?> type = message.getClass();
    MappedAccessors.requireAllMapped(message);
    if (type == UserMessage.class) {
      UserMessage user = (UserMessage) message;
      JsonObject attributes = attributes(user.attributes());
      return new Message(
          Role.USER,
          user.contents().stream().map(ChatRequestMapper::content).toList(),
          user.name() == null ? attributes : attributes.with("name", user.name()));
    }
    if (type == SystemMessage.class) {
      return Message.system(((SystemMessage) message).text());
    }
    if (type == AiMessage.class) {
      return assistant((AiMessage) message);
    }
    if (type == ToolExecutionResultMessage.class) {
      return toolResult((ToolExecutionResultMessage) message);
    }
    if (type == CustomMessage.class) {
      // What a provider makes of it is its own matter; all of it is in the key, and none of it is a
      // question.
      return new Message(
          Role.USER,
          List.of(
              new Part.Opaque("custom", new JsonObject(((CustomMessage) message).attributes()))),
          JsonObject.empty());
    }
    throw UnmappableException.unknown("a message", message);
  }

  private static Message assistant(AiMessage message) {
    List<Part> parts = new ArrayList<>();
    if (message.text() != null) {
      parts.add(new Part.Text(message.text()));
    }
    for (ToolExecutionRequest call : message.toolExecutionRequests()) {
      if (call.getClass() != ToolExecutionRequest.class) {
        throw UnmappableException.unknown("a tool call", call);
      }
      MappedAccessors.requireAllMapped(call);
      parts.add(
          new Part.ToolCall(orEmpty(call.id()), orEmpty(call.name()), orEmpty(call.arguments())));
    }
    for (Image image : message.images()) {
      parts.add(image(image, Map.of()));
    }
    // LangChain4j keeps generated images among the attributes.
    Map<String, Object> others = new HashMap<>(message.attributes());
    others.remove(AiMessage.GENERATED_IMAGES_KEY);
    JsonObject attributes = attributes(others);
    return new Message(
        Role.ASSISTANT,
        parts,
        message.thinking() == null ? attributes : attributes.with("thinking", message.thinking()));
  }

  private static Message toolResult(ToolExecutionResultMessage message) {
    List<Part> content = message.contents().stream().map(ChatRequestMapper::content).toList();
    Boolean isError = message.isError();
    return new Message(
        Role.TOOL,
        List.of(
            new Part.ToolResult(
                orEmpty(message.id()),
                orEmpty(message.toolName()),
                content,
                isError == null ? JsonObject.empty() : JsonObject.of("is_error", isError))),
        attributes(message.attributes()));
  }

  /**
   * A user's attributes are kept apart from the fields, so that neither can stand for the other.
   */
  private static JsonObject attributes(@Nullable Map<String, Object> attributes) {
    return attributes == null || attributes.isEmpty()
        ? JsonObject.empty()
        : JsonObject.of("attributes", attributes);
  }

  // --- contents ---------------------------------------------------------------------------------

  private static Part content(Content content) {
    Class<?> type = content.getClass();
    MappedAccessors.requireAllMapped(content);
    if (type == TextContent.class) {
      return new Part.Text(((TextContent) content).text());
    }
    if (type == ImageContent.class) {
      ImageContent image = (ImageContent) content;
      return image(
          image.image(),
          image.detailLevel() == null
              ? Map.of()
              : Map.of("detail", image.detailLevel().name().toLowerCase(Locale.ROOT)));
    }
    if (type == AudioContent.class) {
      Audio audio = ((AudioContent) content).audio();
      requireExact(Audio.class, audio);
      return media(
          "audio",
          audio.binaryData(),
          audio.base64Data(),
          audio.url(),
          audio.mimeType(),
          new LinkedHashMap<>());
    }
    if (type == VideoContent.class) {
      Video video = ((VideoContent) content).video();
      requireExact(Video.class, video);
      return media(
          "video", null, video.base64Data(), video.url(), video.mimeType(), new LinkedHashMap<>());
    }
    if (type == PdfFileContent.class) {
      PdfFile file = ((PdfFileContent) content).pdfFile();
      requireExact(PdfFile.class, file);
      return media(
          "pdf", null, file.base64Data(), file.url(), file.mimeType(), new LinkedHashMap<>());
    }
    throw UnmappableException.unknown("a content", content);
  }

  private static Part image(Image image, Map<String, ?> attributes) {
    MappedAccessors.requireAllMapped(image);
    Map<String, @Nullable Object> all = new LinkedHashMap<>(attributes);
    put(all, "revised_prompt", image.revisedPrompt());
    return media("image", null, image.base64Data(), image.url(), image.mimeType(), all);
  }

  private static void requireExact(Class<?> type, Object media) {
    if (media.getClass() != type) {
      throw UnmappableException.unknown("a content", media);
    }
    MappedAccessors.requireAllMapped(media);
  }

  /** Maps what has one of three sources; where more are set, the others become attributes. */
  private static Part media(
      String kind,
      byte @Nullable [] bytes,
      @Nullable String base64,
      @Nullable URI url,
      @Nullable String mediaType,
      Map<String, @Nullable Object> attributes) {
    List<Part.MediaSource> sources = new ArrayList<>();
    String type = mediaType == null ? UNKNOWN_MEDIA_TYPE : mediaType;
    if (bytes != null) {
      sources.add(new Part.Inline(ContentHash.of(bytes), type));
    }
    if (base64 != null) {
      sources.add(new Part.Inline(ContentHash.of(decoded(base64, attributes)), type));
    }
    if (url != null) {
      sources.add(new Part.Remote(url.toString()));
      put(attributes, "media_type", mediaType);
    }
    if (sources.isEmpty()) {
      throw new UnmappableException("a content of kind " + kind + " has neither data nor address");
    }
    if (sources.size() > 1) {
      attributes.put(
          "other_sources",
          sources.stream()
              .skip(1)
              .map(
                  source ->
                      source instanceof Part.Inline inline
                          ? "sha256:" + inline.hash().hex()
                          : ((Part.Remote) source).uri())
              .toList());
    }
    return new Part.Media(kind, sources.get(0), new JsonObject(attributes));
  }

  private static byte[] decoded(String base64, Map<String, @Nullable Object> attributes) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      // Not Base64 in its basic form: the text itself is as good a thing to hash.
      attributes.put("encoding", "other");
      return base64.getBytes(StandardCharsets.UTF_8);
    }
  }

  // --- small things -----------------------------------------------------------------------------

  private static void put(
      Map<String, @Nullable Object> values, String name, @Nullable Object value) {
    if (value != null) {
      values.put(name, value);
    }
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
