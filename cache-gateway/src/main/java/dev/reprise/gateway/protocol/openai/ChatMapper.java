package dev.reprise.gateway.protocol.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.Bodies;
import dev.reprise.gateway.request.CallContext;
import dev.reprise.gateway.request.Neutral;
import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.JsonObject;
import dev.reprise.model.Message;
import dev.reprise.model.Part;
import dev.reprise.model.Reason;
import dev.reprise.model.Role;
import dev.reprise.model.Tool;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * Everything of the body is in the key but what LEFT_OUT names. A member that nobody knows here is a parameter, an attribute of its
 * message or part, or all of an opaque part: it changes the key without being understood.
 */
/** Maps the body of a chat completion's request into the cache's vocabulary. Pure. */
public final class ChatMapper {
  private static final String TOOL_CALLS = "tool_calls";

  /**
   * What does not shape the answer: how it is delivered, and how the provider caches the prompt.
   * {@code user}, {@code safety_identifier}, {@code metadata} and {@code store} are in the key: a
   * server behind the same protocol may read them.
   */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "stream",
          "stream_options",
          Bodies.PROMPT_CACHE_KEY,
          Bodies.PROMPT_CACHE_RETENTION,
          "model",
          "messages",
          "tools",
          Bodies.CACHE_CONTROL);

  /** What official clients repeat of an answer, null or empty, when they send it back. */
  private static final Set<String> REPEATED =
      Set.of("name", "refusal", "audio", "function_call", "annotations", TOOL_CALLS);

  /** What a function need not say; null, and {@code strict: false}, are the same as nothing. */
  private static final Set<String> OPTIONAL_OF_FUNCTION =
      Set.of("description", "parameters", "strict");

  private static final String FUNCTION = "function";
  private static final String CONTENT = "content";
  private static final String TOOL_CALL_ID = "tool_call_id";

  /** How closely a picture is looked at; "auto" is the default. */
  private static final String DETAIL = "detail";

  private ChatMapper() {}

  /**
   * Returns the request.
   *
   * @throws UnmappableException if something in it cannot be mapped completely
   */
  static CacheRequest map(ObjectNode body, CallContext context) {
    try {
      Bodies.checkStream(body);
      CacheRequest.Builder request =
          context.request(ChatCodec.FORMAT).model(Bodies.text(body, "model"));
      JsonNode messages = body.get("messages");
      if (messages == null || !messages.isArray() || messages.isEmpty()) {
        throw new UnmappableException("the body has no messages");
      }
      Identifiers identifiers = identifiers(messages);
      for (JsonNode message : messages) {
        request.message(message(message, identifiers));
      }
      tools(body, request);
      Bodies.parameters(body, LEFT_OUT, request);
      return request.build();
    } catch (IllegalArgumentException e) {
      throw new UnmappableException("the body cannot be mapped: " + e.getMessage());
    }
  }

  public static void tools(ObjectNode body, CacheRequest.Builder request) {
    JsonNode tools = body.get("tools");
    if (tools == null || tools.isNull()) {
      return;
    }
    if (!tools.isArray()) {
      throw new UnmappableException("tools is not an array");
    }
    for (JsonNode tool : tools) {
      String type = tool.path("type").asText(FUNCTION);
      if (!type.equals(FUNCTION) && !type.equals("custom")) {
        throw new UnmappableException(
            Reason.Code.DYNAMIC,
            "a tool of type " + type + " acts, or looks something up, while the answer is made");
      }
      JsonNode name = tool.path(FUNCTION).path("name");
      request.tool(
          new Tool(
              name.isTextual() ? name.textValue() : Bodies.text(tool, "type"),
              Json.values(plainTool(Bodies.object(tool, "a tool")), Set.of(Bodies.CACHE_CONTROL))));
    }
  }

  /** Returns {@code tool} without what its function says and what holds without it. */
  private static ObjectNode plainTool(ObjectNode tool) {
    List<String> less = new ArrayList<>();
    tool.path(FUNCTION)
        .properties()
        .forEach(
            member -> {
              JsonNode value = member.getValue();
              boolean isDefault =
                  OPTIONAL_OF_FUNCTION.contains(member.getKey())
                      && (value.isNull() || (value.isBoolean() && !value.booleanValue()));
              if (isDefault) {
                less.add(member.getKey());
              }
            });
    if (less.isEmpty()) {
      return tool;
    }
    ObjectNode plain = tool.deepCopy();
    ((ObjectNode) plain.path(FUNCTION)).remove(less);
    return plain;
  }

  // --- messages ---------------------------------------------------------------------------------

  /** What becomes of the identifiers by which results name their calls. */
  private enum Identifiers {
    /** Each is known by its place: they are random. */
    NUMBERED,
    /** They are kept, since some calls are of a kind that is not known here. */
    KEPT
  }

  private static Identifiers identifiers(JsonNode messages) {
    for (JsonNode message : messages) {
      for (JsonNode call : message.path(TOOL_CALLS)) {
        if (call.isObject() && !isPlain(call)) {
          return Identifiers.KEPT;
        }
      }
    }
    return Identifiers.NUMBERED;
  }

  private static Message message(JsonNode node, Identifiers identifiers) {
    ObjectNode message = Bodies.unmarked(Bodies.object(node, "a message"));
    String role = Bodies.text(message, "role");
    return switch (role) {
      case "system" -> spoken(Role.SYSTEM, message);
      case "developer" -> spoken(Role.DEVELOPER, message);
      case "user" -> spoken(Role.USER, message);
      case "assistant" -> spoken(Role.ASSISTANT, message);
      case "tool" -> toolResult(message, identifiers);
      // The result of an older client's function_call, which is known by its name.
      case FUNCTION -> spoken(Role.TOOL, message);
      default -> throw new UnmappableException("a message has a role that is not known here");
    };
  }

  private static Message spoken(Role role, ObjectNode message) {
    List<Part> parts = content(saidIn(message));
    JsonNode calls = message.get(TOOL_CALLS);
    if (calls != null && !calls.isNull()) {
      if (!calls.isArray()) {
        throw new UnmappableException("tool_calls is not an array");
      }
      for (JsonNode call : calls) {
        parts.add(toolCall(Bodies.object(call, "a tool call")));
      }
    }
    return new Message(role, parts, attributes(message, Set.of("role", CONTENT, TOOL_CALLS)));
  }

  private static Message toolResult(ObjectNode message, Identifiers identifiers) {
    String id = Bodies.text(message, TOOL_CALL_ID);
    JsonObject attributes = attributes(message, Set.of("role", CONTENT, TOOL_CALL_ID));
    if (identifiers == Identifiers.KEPT) {
      attributes = attributes.with(CallContext.OWN_PREFIX + TOOL_CALL_ID, id);
    }
    Part result = new Part.ToolResult(id, "", content(saidIn(message)), attributes);
    return new Message(Role.TOOL, List.of(result), isList(message) ? listed() : JsonObject.empty());
  }

  /** Returns the content of a message; one plain text is the same with and without a list. */
  private static @Nullable JsonNode saidIn(ObjectNode message) {
    JsonNode content = message.get(CONTENT);
    return content == null ? null : Neutral.plain(content, "text");
  }

  /** A content that is a list of another kind is told from one string: templates differ. */
  private static JsonObject attributes(ObjectNode message, Set<String> less) {
    Set<String> left = new HashSet<>(less);
    for (String name : REPEATED) {
      JsonNode value = message.path(name);
      if (value.isNull() || (value.isArray() && value.isEmpty())) {
        left.add(name);
      }
    }
    JsonObject attributes = Json.values(message, left);
    if (attributes.values().keySet().stream()
        .anyMatch(name -> name.startsWith(CallContext.OWN_PREFIX))) {
      throw new UnmappableException("a message has a member that the gateway uses itself");
    }
    return isList(message) ? attributes.with(CallContext.OWN_PREFIX + CONTENT, "list") : attributes;
  }

  private static JsonObject listed() {
    return JsonObject.of(CallContext.OWN_PREFIX + CONTENT, "list");
  }

  private static boolean isList(ObjectNode message) {
    JsonNode content = saidIn(message);
    return content != null && content.isArray();
  }

  private static Part toolCall(ObjectNode call) {
    if (!isPlain(call)) {
      return new Part.Opaque(CallContext.OWN_PREFIX + "tool_call", Json.values(call, Set.of()));
    }
    JsonNode function = call.path(FUNCTION);
    return new Part.ToolCall(
        call.path("id").textValue(),
        function.path("name").textValue(),
        function.path("arguments").textValue());
  }

  private static boolean isPlain(JsonNode call) {
    JsonNode function = call.path(FUNCTION);
    return call.size() == 3
        && call.path("type").asText("").equals(FUNCTION)
        && function.size() == 2
        && function.path("name").isTextual()
        && function.path("arguments").isTextual()
        && call.path("id").isTextual();
  }

  // --- contents ---------------------------------------------------------------------------------

  private static List<Part> content(@Nullable JsonNode content) {
    List<Part> parts = new ArrayList<>();
    if (content == null || content.isNull()) {
      return parts;
    }
    if (content.isTextual()) {
      parts.add(new Part.Text(content.textValue()));
      return parts;
    }
    if (!content.isArray()) {
      throw new UnmappableException("a content is neither a string nor a list");
    }
    for (JsonNode part : content) {
      parts.add(part(Bodies.unmarked(Bodies.object(part, "a part of a content"))));
    }
    return parts;
  }

  private static Part part(ObjectNode part) {
    String type = Bodies.text(part, "type");
    JsonNode text = part.get("text");
    if (type.equals("text") && text != null && text.isTextual()) {
      return new Part.Text(text.textValue(), Json.values(part, Set.of("type", "text")));
    }
    JsonNode inner = part.path(type);
    return switch (type) {
      case "image_url" -> located(part, type, "image", inner, "url");
      case "input_audio" -> carried(part, type, "audio", inner, "data");
      case "file" -> carried(part, type, "file", inner, "file_data");
      default -> opaque(part);
    };
  }

  private static Part opaque(ObjectNode part) {
    if (Bodies.text(part, "type").startsWith(CallContext.OWN_PREFIX)) {
      throw new UnmappableException("a part has a type that begins with " + CallContext.OWN_PREFIX);
    }
    return new Part.Opaque(Bodies.text(part, "type"), Json.values(part, Set.of()));
  }

  /** Maps a part whose content is at an address, or in a data URL (RFC 2397). */
  private static Part located(
      ObjectNode part, String type, String kind, JsonNode inner, String name) {
    JsonNode url = inner.get(name);
    if (url == null || !url.isTextual()) {
      return opaque(part);
    }
    Part.MediaSource source = Bodies.located(url.textValue());
    return new Part.Media(kind, source, others(part, type, inner, name));
  }

  /** Maps a part whose content is in Base64, or in a data URL. */
  private static Part carried(
      ObjectNode part, String type, String kind, JsonNode inner, String name) {
    JsonNode data = inner.get(name);
    if (data == null || !data.isTextual()) {
      return opaque(part);
    }
    return new Part.Media(kind, Bodies.inline(data.textValue()), others(part, type, inner, name));
  }

  private static JsonObject others(ObjectNode part, String type, JsonNode inner, String name) {
    JsonObject attributes = Json.values(part, Set.of("type", type));
    JsonObject more =
        Json.values(
            inner,
            inner.path(DETAIL).asText("").equals("auto") ? Set.of(name, DETAIL) : Set.of(name));
    return more.values().isEmpty() ? attributes : attributes.with(type, more.values());
  }
}
