package dev.reprise.gateway.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.Bodies;
import dev.reprise.gateway.request.CallContext;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * Everything of the body is in the key. Google's servers read names in camel case and in snake case; both are one key at the top of the
 * body, in generationConfig and where the meaning counts, and are different keys elsewhere. A call without an identifier is known by its
 * function's name, as its result is.
 */
/** Maps the body of Gemini's generateContent into the cache's vocabulary. Pure. */
final class GeminiMapper {
  private static final Name CONFIG = new Name("generationConfig", "generation_config");
  private static final Name SYSTEM = new Name("systemInstruction", "system_instruction");
  private static final Name DECLARATIONS =
      new Name("functionDeclarations", "function_declarations");
  private static final Name CALL = new Name("functionCall", "function_call");
  private static final Name RESPONSE = new Name("functionResponse", "function_response");
  private static final Name INLINE = new Name("inlineData", "inline_data");
  private static final Name FILE = new Name("fileData", "file_data");
  private static final Name MIME_TYPE = new Name("mimeType", "mime_type");
  private static final Name FILE_URI = new Name("fileUri", "file_uri");
  private static final String RESPONSE_MIME_TYPE = "responseMimeType";
  private static final Name COUNT = new Name("candidateCount", "candidate_count");

  private static final Set<String> LEFT_OUT =
      Set.of(
          "model",
          "contents",
          "tools",
          CONFIG.camel(),
          CONFIG.snake(),
          SYSTEM.camel(),
          SYSTEM.snake());

  private final CacheRequest.Builder request;
  private boolean keepsIdentifiers;

  private GeminiMapper(CacheRequest.Builder request) {
    this.request = request;
  }

  /** A member's name, as Google's servers read it. */
  private record Name(String camel, String snake) {
    /** Returns the name by which {@code object} has it. */
    String in(JsonNode object) {
      boolean isSnake = object.has(snake);
      if (isSnake && object.has(camel)) {
        throw new UnmappableException("\"" + camel + "\" is there twice");
      }
      return isSnake ? snake : camel;
    }

    JsonNode of(JsonNode object) {
      return object.path(in(object));
    }
  }

  /**
   * Returns the request.
   *
   * @throws UnmappableException if something in it cannot be mapped completely
   */
  static CacheRequest map(ObjectNode body, CallContext context) {
    try {
      GeminiMapper mapper =
          new GeminiMapper(context.request(GeminiCodec.FORMAT).model(Bodies.text(body, "model")));
      mapper.tools(body.path("tools"));
      mapper.system(SYSTEM.of(body));
      mapper.contents(body.path("contents"));
      mapper.parameters(body);
      return mapper.request.build();
    } catch (IllegalArgumentException e) {
      throw new UnmappableException("the body cannot be mapped: " + e.getMessage());
    }
  }

  /** Returns {@code body}, which sets no temperature, with temperature 0. */
  static ObjectNode atZero(ObjectNode body) {
    ObjectNode copy = body.deepCopy();
    String name = CONFIG.in(copy);
    ObjectNode config = copy.path(name) instanceof ObjectNode given ? given : copy.putObject(name);
    config.put(CacheRequest.TEMPERATURE, 0);
    return copy;
  }

  private void parameters(ObjectNode body) {
    camel(Json.values(body, LEFT_OUT))
        .values()
        .forEach(
            (name, value) -> {
              if (!saysNothing(name, value)) {
                parameter(name, value);
              }
            });
    String name = CONFIG.in(body);
    JsonNode config = body.path(name);
    if (config.isMissingNode() || config.isNull()) {
      return;
    }
    JsonObject values = Json.values(Bodies.object(config, name), Set.of(CacheRequest.TEMPERATURE));
    if (config.hasNonNull(CacheRequest.TEMPERATURE)) {
      request.parameter(
          CacheRequest.TEMPERATURE,
          Json.values(config, Set.of()).get(CacheRequest.TEMPERATURE).orElse(null));
    }
    ObjectNode rest = ((ObjectNode) config).deepCopy();
    rest.remove(CacheRequest.TEMPERATURE);
    if (COUNT.of(rest).isInt() && COUNT.of(rest).intValue() == 1) {
      values = Json.values(rest, Set.of(COUNT.in(rest)));
    }
    Map<String, @Nullable Object> said = new LinkedHashMap<>();
    camel(values)
        .values()
        .forEach(
            (member, value) -> {
              if (!saysNothing(member, value)) {
                said.put(member, value);
              }
            });
    if (!said.isEmpty()) {
      request.parameter(CONFIG.camel(), said);
    }
  }

  /** Google's servers take null and an empty list for nothing, as all of protocol buffers does. */
  private static boolean saysNothing(String name, @Nullable Object value) {
    if (value == null || (value instanceof List<?> list && list.isEmpty())) {
      return true;
    }
    return switch (name) {
      case RESPONSE_MIME_TYPE -> value.equals("text/plain");
      case "responseModalities" -> value.equals(List.of("TEXT"));
      case "labels" -> value.equals(Map.of());
      case "toolConfig" ->
          value.equals(Map.of("functionCallingConfig", Map.of("mode", "AUTO")))
              || value.equals(Map.of("function_calling_config", Map.of("mode", "AUTO")));
      default -> false;
    };
  }

  /** Returns {@code members} by the names that they have in camel case; their values stay. */
  private static JsonObject camel(JsonObject members) {
    Map<String, @Nullable Object> renamed = new LinkedHashMap<>();
    for (Map.Entry<String, @Nullable Object> member : members.values().entrySet()) {
      String name = camel(member.getKey());
      if (renamed.containsKey(name)) {
        throw new UnmappableException("\"" + name + "\" is there twice");
      }
      renamed.put(name, member.getValue());
    }
    return new JsonObject(renamed);
  }

  private static String camel(String name) {
    StringBuilder camel = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char next = i + 1 < name.length() ? name.charAt(i + 1) : ' ';
      if (i > 0 && name.charAt(i) == '_' && next >= 'a' && next <= 'z') {
        camel.append((char) (next - 'a' + 'A'));
        i++;
      } else {
        camel.append(name.charAt(i));
      }
    }
    return camel.toString();
  }

  private void parameter(String name, @Nullable Object value) {
    if (name.startsWith(CallContext.OWN_PREFIX) || name.equals(CacheRequest.TEMPERATURE)) {
      throw new UnmappableException("the body has a member that the gateway uses itself");
    }
    request.parameter(name, value);
  }

  private void tools(JsonNode tools) {
    if (!tools.isArray() && !tools.isNull() && !tools.isMissingNode()) {
      throw new UnmappableException("tools is not an array");
    }
    for (JsonNode tool : tools) {
      for (Map.Entry<String, JsonNode> member : Bodies.object(tool, "a tool").properties()) {
        if (!member.getKey().equals(DECLARATIONS.in(tool))) {
          throw new UnmappableException(
              Reason.Code.DYNAMIC,
              "the tool "
                  + member.getKey()
                  + " acts, or looks something up, while the answer is made");
        }
        if (!member.getValue().isArray()) {
          throw new UnmappableException(member.getKey() + " is not an array");
        }
        for (JsonNode function : member.getValue()) {
          request.tool(
              new Tool(
                  Bodies.text(function, "name"),
                  Json.values(Bodies.object(function, "a function"), Set.of())));
        }
      }
    }
  }

  private void system(JsonNode system) {
    if (!system.isMissingNode() && !system.isNull()) {
      said(Role.SYSTEM, Bodies.object(system, SYSTEM.camel()), Set.of("role", "parts"));
    }
  }

  private void contents(JsonNode contents) {
    if (!contents.isArray() || contents.isEmpty()) {
      throw new UnmappableException("the body has no contents");
    }
    for (JsonNode content : contents) {
      for (JsonNode part : content.path("parts")) {
        keepsIdentifiers |= part.has(CALL.in(part)) && !isPlainCall(part);
      }
    }
    for (JsonNode node : contents) {
      ObjectNode content = Bodies.object(node, "a content");
      String name = content.path("role").asText("user");
      switch (name) {
        case "user" -> said(Role.USER, content, Set.of("role", "parts"));
        case "model" -> said(Role.ASSISTANT, content, Set.of("role", "parts"));
        // Results of functions, by another name; the name stays in the key.
        case "function", "tool" -> said(Role.USER, content, Set.of("parts"));
        default -> throw new UnmappableException("a content has a role that is not known here");
      }
    }
  }

  private void said(Role role, ObjectNode content, Set<String> less) {
    if (!content.path("parts").isArray()) {
      throw new UnmappableException("the parts of a content are no list");
    }
    List<Part> parts = new ArrayList<>();
    for (JsonNode part : content.path("parts")) {
      parts.add(part(Bodies.object(part, "a part")));
    }
    request.message(new Message(role, parts, own(Json.values(content, less))));
  }

  private static JsonObject own(JsonObject attributes) {
    if (attributes.values().keySet().stream()
        .anyMatch(name -> name.startsWith(CallContext.OWN_PREFIX))) {
      throw new UnmappableException(
          "a member has a name that begins with " + CallContext.OWN_PREFIX);
    }
    return attributes;
  }

  private Part part(ObjectNode part) {
    String call = CALL.in(part);
    String response = RESPONSE.in(part);
    String inline = INLINE.in(part);
    String file = FILE.in(part);
    int kinds = 0;
    for (String name : List.of(GeminiCodec.TEXT, call, response, inline, file)) {
      kinds += part.has(name) ? 1 : 0;
    }
    if (kinds != 1) {
      return opaque(part);
    }
    if (part.path(GeminiCodec.TEXT).isTextual()) {
      return new Part.Text(
          part.path(GeminiCodec.TEXT).textValue(), Json.values(part, Set.of(GeminiCodec.TEXT)));
    }
    if (part.has(call)) {
      return isPlainCall(part) ? call(part.path(call)) : opaque(part);
    }
    if (part.path(response).isObject()) {
      return result(part, response);
    }
    return part.has(inline) ? inline(part, inline) : located(part, file);
  }

  private static Part opaque(ObjectNode part) {
    return new Part.Opaque("part", Json.values(part, Set.of()));
  }

  private static Part inline(ObjectNode part, String name) {
    JsonNode data = part.path(name);
    if (data.size() != 2
        || !data.path("data").isTextual()
        || MIME_TYPE.of(data).asText("").isBlank()) {
      return opaque(part);
    }
    ContentHash hash =
        ContentHash.of(data.path("data").textValue().getBytes(StandardCharsets.UTF_8));
    return new Part.Media(
        "inline",
        new Part.Inline(hash, MIME_TYPE.of(data).textValue()),
        own(Json.values(part, Set.of(name))));
  }

  private static Part located(ObjectNode part, String name) {
    JsonNode uri = FILE_URI.of(part.path(name));
    if (!uri.isTextual()) {
      return opaque(part);
    }
    JsonObject more = camel(Json.values(part.path(name), Set.of(FILE_URI.in(part.path(name)))));
    return new Part.Media(
        "file",
        new Part.Remote(uri.textValue()),
        own(Json.values(part, Set.of(name))).with(CallContext.OWN_PREFIX + "file", more.values()));
  }

  private static boolean isPlainCall(JsonNode part) {
    JsonNode call = CALL.of(part);
    int members = 1 + (call.has("args") ? 1 : 0) + (call.has("id") ? 1 : 0);
    return part.size() == 1
        && call.size() == members
        && !call.path("name").asText("").isBlank()
        && (!call.has("args") || call.path("args").isObject())
        && (!call.has("id") || !call.path("id").asText("").isBlank());
  }

  private static Part call(JsonNode call) {
    String name = call.path("name").asText();
    return new Part.ToolCall(
        identifier(call, name), name, call.has("args") ? Json.text(call.path("args")) : "");
  }

  private Part result(ObjectNode part, String member) {
    ObjectNode response = (ObjectNode) part.path(member);
    String name = Bodies.text(response, "name");
    JsonObject attributes = own(Json.values(part, Set.of(member)));
    if (keepsIdentifiers && response.path("id").isTextual()) {
      attributes = attributes.with(CallContext.OWN_PREFIX + "id", response.path("id").textValue());
    }
    return new Part.ToolResult(
        identifier(response, name),
        name,
        List.of(
            new Part.Opaque(
                "response",
                Json.values(
                    response,
                    response.path("id").isTextual() ? Set.of("id", "name") : Set.of("name")))),
        attributes);
  }

  private static String identifier(JsonNode node, String name) {
    return node.path("id").isTextual() ? "id " + node.path("id").textValue() : "name " + name;
  }
}
