package dev.reprise.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.audio.Audio;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.AudioContent;
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
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.reprise.integration.internal.UnmappableException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The accessors of LangChain4j's classes that are mapped into the key, or stored. A newer
 * LangChain4j may have one more. A request in which it says something bypasses the cache, since two
 * requests that differ in it only would share an answer. A response in which it says something is
 * not stored.
 */
final class MappedAccessors {
  /** The parameters that are mapped for every class. */
  static final Set<String> PARAMETERS =
      Set.of(
          "modelName",
          "temperature",
          "topP",
          "topK",
          "frequencyPenalty",
          "presencePenalty",
          "maxOutputTokens",
          "stopSequences",
          "toolSpecifications",
          "toolChoice",
          "responseFormat");

  /** Of the schemas, whose classes are many and small. */
  private static final Set<String> ELEMENTS =
      Set.of(
          "description",
          "properties",
          "required",
          "additionalProperties",
          "definitions",
          "items",
          "enumValues",
          "anyOf",
          "reference",
          "schema");

  /** Names that follow from the class or from other accessors. */
  private static final Set<String> DERIVED =
      Set.of("type", "singleText", "hasSingleText", "hasToolExecutionRequests");

  private static final Map<Class<?>, Set<String>> MAPPED = mapped();

  /** The accessors of a class that are not known here. */
  private static final Map<Class<?>, Set<String>> UNKNOWN = new ConcurrentHashMap<>();

  private MappedAccessors() {}

  private static Map<Class<?>, Set<String>> mapped() {
    Map<Class<?>, Set<String>> mapped = new HashMap<>();
    Set<String> request = new TreeSet<>(PARAMETERS);
    request.add("messages");
    request.add("parameters");
    mapped.put(ChatRequest.class, request);
    mapped.put(UserMessage.class, Set.of("name", "contents", "attributes"));
    mapped.put(SystemMessage.class, Set.of("text"));
    mapped.put(CustomMessage.class, Set.of("attributes"));
    mapped.put(
        AiMessage.class,
        Set.of("text", "thinking", "toolExecutionRequests", "attributes", "images"));
    mapped.put(ToolExecutionRequest.class, Set.of("id", "name", "arguments"));
    mapped.put(
        ToolExecutionResultMessage.class,
        Set.of("id", "toolName", "text", "contents", "isError", "attributes"));
    mapped.put(TextContent.class, Set.of("text"));
    mapped.put(ImageContent.class, Set.of("image", "detailLevel"));
    mapped.put(AudioContent.class, Set.of("audio"));
    mapped.put(VideoContent.class, Set.of("video"));
    mapped.put(PdfFileContent.class, Set.of("pdfFile"));
    mapped.put(Image.class, Set.of("url", "base64Data", "mimeType", "revisedPrompt"));
    mapped.put(Audio.class, Set.of("url", "base64Data", "binaryData", "mimeType"));
    mapped.put(Video.class, Set.of("url", "base64Data", "mimeType"));
    mapped.put(PdfFile.class, Set.of("url", "base64Data", "mimeType"));
    mapped.put(
        ToolSpecification.class, Set.of("name", "description", "parameters", "metadata", "strict"));
    mapped.put(ResponseFormat.class, Set.of("type", "jsonSchema"));
    mapped.put(JsonSchema.class, Set.of("name", "rootElement"));
    mapped.put(
        ChatResponse.class,
        Set.of("aiMessage", "metadata", "id", "modelName", "tokenUsage", "finishReason"));
    return Map.copyOf(mapped);
  }

  /**
   * Checks that nothing of {@code object} is left out.
   *
   * @throws UnmappableException if an accessor that is not known here returns something
   */
  static void requireAllMapped(Object object) {
    Class<?> type = object.getClass();
    for (String name : UNKNOWN.computeIfAbsent(type, MappedAccessors::unknown)) {
      if (says(Accessors.of(type).read(object, name))) {
        throw new UnmappableException(
            name
                + " of class "
                + type.getName()
                + " is set, and this version of the cache does not know it");
      }
    }
  }

  /** Returns the accessors of {@code type} that are not mapped. */
  static Set<String> unknown(Class<?> type) {
    Set<String> known = MAPPED.get(type);
    if (known == null && JsonSchemaElement.class.isAssignableFrom(type)) {
      known = ELEMENTS;
    }
    if (known == null) {
      return Set.of();
    }
    Accessors accessors = Accessors.of(type);
    if (MAPPED.containsKey(type)) {
      accessors.requireSome();
    }
    Set<String> unknown = accessors.names();
    unknown.removeAll(known);
    unknown.removeAll(DERIVED);
    return unknown;
  }

  /** Returns the classes that are mapped by name. */
  static Set<Class<?>> types() {
    return MAPPED.keySet();
  }

  private static boolean says(@Nullable Object value) {
    return !(value == null
        || Boolean.FALSE.equals(value)
        || (value instanceof Optional<?> optional && optional.isEmpty())
        || (value instanceof Collection<?> collection && collection.isEmpty())
        || (value instanceof Map<?, ?> map && map.isEmpty()));
  }
}
