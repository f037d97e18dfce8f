package dev.reprise.gateway.protocol.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.Bodies;
import dev.reprise.gateway.protocol.openai.ChatMapper;
import dev.reprise.gateway.request.CallContext;
import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.ContentHash;
import dev.reprise.model.JsonObject;
import dev.reprise.model.Message;
import dev.reprise.model.Part;
import dev.reprise.model.Role;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * Everything of the body is in the key but what LEFT_OUT names: how the answer is delivered, and how long the server keeps the model in
 * memory. Clients send empty values for what they do not use.
 */
/** Maps the bodies of Ollama's chat and generate into the cache's vocabulary. Pure. */
public final class OllamaMapper {
  private static final String LATEST = ":latest";
  private static final String OPTIONS = "options";
  private static final String PROMPT = "prompt";
  private static final String SYSTEM = "system";
  private static final String IMAGES = "images";

  private static final Set<String> LEFT_OUT =
      Set.of("model", "stream", "keep_alive", OPTIONS, "messages", "tools");

  private static final Set<String> LEFT_OUT_OF_GENERATE =
      Set.of("model", "stream", "keep_alive", OPTIONS, PROMPT, SYSTEM, IMAGES);

  /** What says nothing where it is empty, false or null. */
  private static final Set<String> OPTIONAL =
      Set.of("format", "suffix", "template", "context", "raw", "logprobs", "top_logprobs");

  /** Members of generate with which the prompt is not a question, but a piece of something. */
  public static final Set<String> OF_PIECES = Set.of("suffix", "template", "context", "raw");

  private OllamaMapper() {}

  /**
   * Returns the request.
   *
   * @throws UnmappableException if something in it cannot be mapped completely
   */
  static CacheRequest map(ObjectNode body, OllamaCodec.Call call, CallContext context) {
    try {
      Bodies.checkStream(body);
      CacheRequest.Builder request = context.request(call.format()).model(model(body));
      switch (call) {
        case CHAT -> {
          chat(body.path("messages"), request);
          ChatMapper.tools(body, request);
          parameters(body, LEFT_OUT, request);
        }
        case GENERATE -> {
          generate(body, request);
          parameters(body, LEFT_OUT_OF_GENERATE, request);
        }
      }
      return request.build();
    } catch (IllegalArgumentException e) {
      throw new UnmappableException("the body cannot be mapped: " + e.getMessage());
    }
  }

  /** Returns the model's name; a name without a tag means the latest. */
  private static String model(ObjectNode body) {
    String name = Bodies.text(body, "model");
    return name.endsWith(LATEST) ? name.substring(0, name.length() - LATEST.length()) : name;
  }

  /** Returns {@code body}, which sets no temperature, with temperature 0. */
  static ObjectNode atZero(ObjectNode body) {
    ObjectNode copy = body.deepCopy();
    ObjectNode options =
        copy.path(OPTIONS) instanceof ObjectNode given ? given : copy.putObject(OPTIONS);
    options.put(CacheRequest.TEMPERATURE, 0);
    return copy;
  }

  private static void parameters(ObjectNode body, Set<String> less, CacheRequest.Builder request) {
    for (Map.Entry<String, @Nullable Object> member : Json.values(body, less).values().entrySet()) {
      String name = member.getKey();
      if (name.startsWith(CallContext.OWN_PREFIX) || name.equals(CacheRequest.TEMPERATURE)) {
        throw new UnmappableException("the body has a member that the gateway uses itself");
      }
      JsonNode value = body.path(name);
      // Ollama takes null for nothing, whatever the member.
      if (!value.isNull() && !(OPTIONAL.contains(name) && saysNothing(value))) {
        request.parameter(name, member.getValue());
      }
    }
    JsonNode options = body.path(OPTIONS);
    if (options.isMissingNode() || options.isNull()) {
      return;
    }
    JsonObject all = Json.values(Bodies.object(options, OPTIONS), Set.of());
    if (options.hasNonNull(CacheRequest.TEMPERATURE)) {
      request.parameter(CacheRequest.TEMPERATURE, all.get(CacheRequest.TEMPERATURE).orElse(null));
    }
    JsonObject others = Json.values(options, Set.of(CacheRequest.TEMPERATURE));
    if (!others.values().isEmpty()) {
      request.parameter(OPTIONS, others.values());
    }
  }

  private static boolean saysNothing(JsonNode value) {
    return value.isNull()
        || (value.isTextual() && value.textValue().isEmpty())
        || (value.isContainerNode() && value.isEmpty())
        || (value.isBoolean() && !value.booleanValue());
  }

  // --- generate ---------------------------------------------------------------------------------

  private static void generate(ObjectNode body, CacheRequest.Builder request) {
    String system = body.path(SYSTEM).isNull() ? "" : text(body, SYSTEM);
    if (!system.isEmpty()) {
      request.system(system);
    }
    List<Part> parts = new ArrayList<>(List.of(new Part.Text(Bodies.text(body, PROMPT))));
    parts.addAll(images(body));
    request.message(new Message(Role.USER, parts, JsonObject.empty()));
  }

  private static String text(ObjectNode object, String name) {
    JsonNode value = object.path(name);
    if (value.isMissingNode()) {
      return "";
    }
    if (!value.isTextual()) {
      throw new UnmappableException("\"" + name + "\" is not a text");
    }
    return value.textValue();
  }

  private static List<Part> images(ObjectNode object) {
    List<Part> images = new ArrayList<>();
    JsonNode given = object.path(IMAGES);
    if (!given.isMissingNode() && !given.isNull() && !given.isArray()) {
      throw new UnmappableException("images is not an array");
    }
    for (JsonNode image : given) {
      if (!image.isTextual()) {
        throw new UnmappableException("an image is not a text");
      }
      ContentHash hash = ContentHash.of(image.textValue().getBytes(StandardCharsets.UTF_8));
      images.add(
          new Part.Media(
              "image", new Part.Inline(hash, "application/octet-stream"), JsonObject.empty()));
    }
    return images;
  }

  // --- chat -------------------------------------------------------------------------------------

  private static void chat(JsonNode messages, CacheRequest.Builder request) {
    if (!messages.isArray() || messages.isEmpty()) {
      throw new UnmappableException("the body has no messages");
    }
    boolean keepsIdentifiers = false;
    for (JsonNode message : messages) {
      for (JsonNode call : message.path(OllamaCodec.TOOL_CALLS)) {
        keepsIdentifiers |= !isPlain(call);
      }
    }
    for (JsonNode node : messages) {
      ObjectNode message = Bodies.object(node, "a message");
      switch (Bodies.text(message, "role")) {
        case "system" -> request.message(said(Role.SYSTEM, message));
        case "user" -> request.message(said(Role.USER, message));
        case "assistant" -> request.message(said(Role.ASSISTANT, message));
        case "tool" -> request.message(result(message, keepsIdentifiers));
        default -> throw new UnmappableException("a message has a role that is not known here");
      }
    }
  }

  private static Message said(Role role, ObjectNode message) {
    List<Part> parts = content(message);
    JsonNode calls = message.path(OllamaCodec.TOOL_CALLS);
    if (!calls.isMissingNode() && !calls.isNull() && !calls.isArray()) {
      throw new UnmappableException("tool_calls is not an array");
    }
    for (JsonNode call : calls) {
      parts.add(call(Bodies.object(call, "a tool call")));
    }
    return new Message(
        role,
        parts,
        attributes(message, Set.of("role", OllamaCodec.CONTENT, IMAGES, OllamaCodec.TOOL_CALLS)));
  }

  private static List<Part> content(ObjectNode message) {
    List<Part> parts = new ArrayList<>();
    if (!message.path(OllamaCodec.CONTENT).isNull()) {
      parts.add(new Part.Text(text(message, OllamaCodec.CONTENT)));
    }
    parts.addAll(images(message));
    return parts;
  }

  private static JsonObject attributes(ObjectNode message, Set<String> less) {
    JsonObject attributes = Json.values(message, less);
    if (attributes.values().keySet().stream()
        .anyMatch(name -> name.startsWith(CallContext.OWN_PREFIX))) {
      throw new UnmappableException("a message has a member that the gateway uses itself");
    }
    return attributes;
  }

  private static boolean isPlain(JsonNode call) {
    JsonNode function = call.path("function");
    int members = 1 + (call.has("id") ? 1 : 0);
    return call.size() == members
        && (!call.has("id") || call.path("id").isTextual())
        && function.size() == 2
        && !function.path("name").asText("").isBlank()
        && function.path("arguments").isObject();
  }

  private static Part call(ObjectNode call) {
    if (!isPlain(call)) {
      return new Part.Opaque("tool_call", Json.values(call, Set.of()));
    }
    JsonNode function = call.path("function");
    String name = function.path("name").asText();
    return new Part.ToolCall(
        identifier(call, "id", name), name, Json.text(function.path("arguments")));
  }

  /** A call without an identifier is known by its function's name, as its result is. */
  private static String identifier(JsonNode node, String member, String name) {
    return node.path(member).isTextual() ? "id " + node.path(member).textValue() : "name " + name;
  }

  private static Message result(ObjectNode message, boolean keepsIdentifiers) {
    String named = message.has("tool_name") ? "tool_name" : "name";
    String name = text(message, named);
    JsonNode id = message.path("tool_call_id");
    Set<String> less =
        id.isTextual()
            ? Set.of("role", OllamaCodec.CONTENT, IMAGES, named, "tool_call_id")
            : Set.of("role", OllamaCodec.CONTENT, IMAGES, named);
    JsonObject attributes = attributes(message, less);
    if (keepsIdentifiers && id.isTextual()) {
      attributes = attributes.with(CallContext.OWN_PREFIX + "tool_call_id", id.textValue());
    }
    Part result =
        new Part.ToolResult(
            identifier(message, "tool_call_id", name), name, content(message), attributes);
    return new Message(Role.TOOL, List.of(result), JsonObject.empty());
  }
}
