package dev.reprise.gateway.protocol.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.Bodies;
import dev.reprise.gateway.request.CallContext;
import dev.reprise.gateway.request.Neutral;
import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.ContentHash;
import dev.reprise.model.JsonObject;
import dev.reprise.model.Message;
import dev.reprise.model.Part;
import dev.reprise.model.Reason;
import dev.reprise.model.Role;
import dev.reprise.model.Tool;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/*
 * Everything of the body is in the key but what LEFT_OUT names, and the marks of the provider's own cache (cache_control). Calls of
 * tools are known by their place, since their identifiers are random, unless one of them is of a kind that is not known here.
 */
/** Maps the body of Anthropic's messages into the cache's vocabulary. Pure. */
final class MessagesMapper {
  private static final String CACHE_CONTROL = Bodies.CACHE_CONTROL;
  private static final String IS_ERROR = "is_error";
  private static final String CONTENT = MessagesCodec.CONTENT;
  private static final String TYPE = MessagesCodec.TYPE;
  private static final String TOOL_USE_ID = "tool_use_id";

  private static final Set<String> LEFT_OUT =
      Set.of("stream", "model", "messages", "system", "tools", CACHE_CONTROL);

  /** Tools of the provider's that the client runs, by how their types begin. */
  private static final List<String> RUN_BY_CLIENT =
      List.of("custom", "bash_", "text_editor_", "computer_", "memory_");

  private final CacheRequest.Builder request;
  private boolean keepsIdentifiers;

  private MessagesMapper(CacheRequest.Builder request) {
    this.request = request;
  }

  /**
   * Returns the request.
   *
   * @throws UnmappableException if something in it cannot be mapped completely
   */
  static CacheRequest map(ObjectNode body, CallContext context) {
    try {
      Bodies.checkStream(body);
      if (body.hasNonNull("container")) {
        throw new UnmappableException("the container is kept by the provider");
      }
      MessagesMapper mapper =
          new MessagesMapper(
              context.request(MessagesCodec.FORMAT).model(Bodies.text(body, "model")));
      mapper.tools(body.path("tools"));
      mapper.system(body.path("system"));
      mapper.messages(body.path("messages"));
      Bodies.parameters(body, LEFT_OUT, mapper.request);
      return mapper.request.build();
    } catch (IllegalArgumentException e) {
      throw new UnmappableException("the body cannot be mapped: " + e.getMessage());
    }
  }

  private void tools(JsonNode tools) {
    if (!tools.isArray() && !tools.isNull() && !tools.isMissingNode()) {
      throw new UnmappableException("tools is not an array");
    }
    for (JsonNode tool : tools) {
      String type = tool.path(TYPE).asText("custom");
      if (RUN_BY_CLIENT.stream().noneMatch(type::startsWith)) {
        throw new UnmappableException(
            Reason.Code.DYNAMIC,
            "a tool of type " + type + " acts, or looks something up, while the answer is made");
      }
      request.tool(
          new Tool(
              Bodies.text(tool, "name"),
              // "custom" is what a tool without a type is.
              Json.values(
                  Bodies.object(tool, "a tool"),
                  type.equals("custom") ? Set.of(CACHE_CONTROL, TYPE) : Set.of(CACHE_CONTROL))));
    }
  }

  private void system(JsonNode system) {
    if (!system.isMissingNode() && !system.isNull()) {
      said(Role.SYSTEM, system, JsonObject.empty());
    }
  }

  private void messages(JsonNode messages) {
    if (!messages.isArray() || messages.isEmpty()) {
      throw new UnmappableException("the body has no messages");
    }
    for (JsonNode message : messages) {
      for (JsonNode block : message.path(CONTENT)) {
        keepsIdentifiers |= block.path(TYPE).asText("").equals("tool_use") && !isPlainCall(block);
      }
    }
    for (JsonNode node : messages) {
      ObjectNode message = Bodies.object(node, "a message");
      Role role =
          switch (Bodies.text(message, "role")) {
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            default -> throw new UnmappableException("a message has a role that is not known here");
          };
      said(role, message.path(CONTENT), own(Json.values(message, Set.of("role", CONTENT))));
    }
  }

  /** One plain text is the same with and without a list. */
  private void said(Role role, JsonNode content, JsonObject attributes) {
    JsonNode plain = plain(content);
    List<Part> parts = new ArrayList<>();
    JsonObject all = attributes;
    if (plain.isTextual()) {
      parts.add(new Part.Text(plain.textValue()));
    } else if (plain.isArray()) {
      all = all.with(CallContext.OWN_PREFIX + CONTENT, "list");
      for (JsonNode block : plain) {
        parts.add(part(Bodies.object(block, "a block of a content")));
      }
    } else {
      throw new UnmappableException("a content is neither a text nor a list");
    }
    request.message(new Message(role, parts, all));
  }

  private static JsonNode plain(JsonNode content) {
    return Neutral.plain(content, "text");
  }

  private static JsonObject own(JsonObject attributes) {
    if (attributes.values().keySet().stream()
        .anyMatch(name -> name.startsWith(CallContext.OWN_PREFIX))) {
      throw new UnmappableException(
          "a member has a name that begins with " + CallContext.OWN_PREFIX);
    }
    return attributes;
  }

  private Part part(ObjectNode block) {
    String type = Bodies.text(block, TYPE);
    if (type.startsWith(CallContext.OWN_PREFIX)) {
      throw new UnmappableException("a block has a type that is not known here");
    }
    return switch (type) {
      case "text" ->
          block.path("text").isTextual()
              ? new Part.Text(
                  block.path("text").textValue(),
                  Json.values(block, Set.of(TYPE, "text", CACHE_CONTROL)))
              : opaque(block);
      case "image", "document" -> media(block, type);
      case "tool_use" -> call(block);
      case "tool_result" -> result(block);
      default -> opaque(block);
    };
  }

  private static Part opaque(ObjectNode block) {
    return new Part.Opaque(Bodies.text(block, TYPE), Json.values(block, Set.of(CACHE_CONTROL)));
  }

  private static Part media(ObjectNode block, String kind) {
    JsonNode source = block.path("source");
    String type = source.path(TYPE).asText("");
    JsonObject attributes = Json.values(block, Set.of("source", CACHE_CONTROL));
    if (type.equals("base64") && source.size() == 3 && source.path("data").isTextual()) {
      ContentHash hash =
          ContentHash.of(source.path("data").textValue().getBytes(StandardCharsets.UTF_8));
      return new Part.Media(
          kind, new Part.Inline(hash, Bodies.text(source, "media_type")), attributes);
    }
    if (type.equals("url") && source.size() == 2 && source.path("url").isTextual()) {
      return new Part.Media(kind, new Part.Remote(source.path("url").textValue()), attributes);
    }
    return opaque(block);
  }

  private static boolean isPlainCall(JsonNode block) {
    return block.size() - (block.has(CACHE_CONTROL) ? 1 : 0) == 4
        && block.path("id").isTextual()
        && block.path("name").isTextual()
        && block.path("input").isObject();
  }

  private static Part call(ObjectNode block) {
    return isPlainCall(block)
        ? new Part.ToolCall(
            block.path("id").textValue(),
            block.path("name").textValue(),
            Json.text(block.path("input")))
        : opaque(block);
  }

  private static boolean isNoError(JsonNode said) {
    return said.isNull() || (said.isBoolean() && !said.booleanValue());
  }

  private Part result(ObjectNode block) {
    String id = Bodies.text(block, TOOL_USE_ID);
    JsonObject attributes =
        own(
            Json.values(
                block,
                isNoError(block.path(IS_ERROR))
                    ? Set.of(TYPE, TOOL_USE_ID, CONTENT, CACHE_CONTROL, IS_ERROR)
                    : Set.of(TYPE, TOOL_USE_ID, CONTENT, CACHE_CONTROL)));
    if (keepsIdentifiers) {
      attributes = attributes.with(CallContext.OWN_PREFIX + TOOL_USE_ID, id);
    }
    List<Part> parts = new ArrayList<>();
    JsonNode content = plain(block.path(CONTENT));
    if (content.isTextual()) {
      parts.add(new Part.Text(content.textValue()));
    } else if (content.isArray()) {
      attributes = attributes.with(CallContext.OWN_PREFIX + CONTENT, "list");
      for (JsonNode inner : content) {
        ObjectNode part = Bodies.object(inner, "a block of a result");
        if (part.path(TYPE).asText("").equals("tool_result")) {
          throw new UnmappableException("a result is within a result");
        }
        parts.add(part(part));
      }
    } else if (!content.isMissingNode()) {
      throw new UnmappableException("a result is neither a text nor a list");
    }
    return new Part.ToolResult(id, "", parts, attributes);
  }
}
