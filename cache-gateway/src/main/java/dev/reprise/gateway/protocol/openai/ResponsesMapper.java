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
import dev.reprise.model.Role;
import dev.reprise.model.Tool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/*
 * Everything of the body is in the key but what LEFT_OUT names and the identifiers of items, which say nothing. What shapes the
 * answer and does not stand in the body (a conversation at the provider, a page of the web) cannot be in a key: such a request goes
 * past the cache. So does a tool or an item of a kind that is not known here, since it may be one of these.
 */
/** Maps the body of a response's request into the cache's vocabulary. Pure. */
final class ResponsesMapper {
  /** What does not shape the answer, or is no parameter. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "stream",
          "stream_options",
          Bodies.PROMPT_CACHE_KEY,
          Bodies.PROMPT_CACHE_RETENTION,
          "model",
          "input",
          "instructions",
          "tools");

  /** What reaches beyond the body, and why that is not cached. */
  private static final Map<String, String> BEYOND = beyond();

  /** Tools that the client runs. All others act, or look something up, while the answer is made. */
  private static final Set<String> TOOLS_OF_CLIENT = Set.of("function", "custom");

  private static final String CALL_ID = "call_id";
  private static final String OUTPUT = "output";
  private static final String STATUS = "status";

  private ResponsesMapper() {}

  private static Map<String, String> beyond() {
    Map<String, String> reasons = new LinkedHashMap<>();
    reasons.put(
        "conversation",
        "the conversation is kept by the provider, which adds to it; send it in input to have the"
            + " answer cached");
    reasons.put(
        "prompt",
        "the template is kept by the provider; send instructions and input to have the answer"
            + " cached");
    reasons.put("moderation", "its result is of this very request");
    return reasons;
  }

  /**
   * Returns the request.
   *
   * @throws UnmappableException if something in it cannot be mapped completely
   */
  static CacheRequest map(ObjectNode body, CallContext context) {
    BEYOND.forEach(
        (name, why) -> {
          if (body.hasNonNull(name)) {
            throw new UnmappableException("the body has " + name + ": " + why);
          }
        });
    Bodies.checkStream(body);
    if (body.path("background").asBoolean(false)) {
      throw new UnmappableException("the answer is made in the background, and fetched later");
    }
    try {
      CacheRequest.Builder request =
          context.request(ResponsesCodec.FORMAT).model(Bodies.text(body, "model"));
      instructions(body, request);
      input(body, request);
      tools(body.path("tools"), request);
      Bodies.parameters(body, LEFT_OUT, request);
      return request.build();
    } catch (IllegalArgumentException e) {
      throw new UnmappableException("the body cannot be mapped: " + e.getMessage());
    }
  }

  private static void instructions(ObjectNode body, CacheRequest.Builder request) {
    JsonNode instructions = body.path("instructions");
    if (instructions.isTextual()) {
      request.message(
          new Message(
              Role.SYSTEM,
              List.of(new Part.Text(instructions.textValue())),
              JsonObject.of(CallContext.OWN_PREFIX + "from", "instructions")));
    } else if (!instructions.isMissingNode() && !instructions.isNull()) {
      throw new UnmappableException("instructions is not a text");
    }
  }

  private static void tools(JsonNode tools, CacheRequest.Builder request) {
    for (JsonNode tool : tools) {
      String type = Bodies.text(tool, "type");
      if (!TOOLS_OF_CLIENT.contains(type)) {
        throw new UnmappableException(
            "a tool of type "
                + type
                + " acts, or looks something up, while the answer is made; cached are answers with"
                + " tools of type function and custom");
      }
      request.tool(new Tool(Bodies.text(tool, "name"), Json.values(tool, Set.of())));
    }
    if (!tools.isMissingNode() && !tools.isNull() && !tools.isArray()) {
      throw new UnmappableException("tools is not an array");
    }
  }

  // --- items ------------------------------------------------------------------------------------

  /** A text is the same as one message of the user, as the provider's documentation says. */
  private static void input(ObjectNode body, CacheRequest.Builder request) {
    JsonNode input = body.path("input");
    if (input.isTextual()) {
      request.message(Message.user(input.textValue()));
      return;
    }
    if (!input.isArray() || input.isEmpty()) {
      throw new UnmappableException("input is neither a text nor a list of items");
    }
    Identifiers identifiers = identifiers(body);
    for (JsonNode item : input) {
      request.message(item(Bodies.object(item, "an item of input"), identifiers));
    }
  }

  /** What becomes of the identifiers by which results name their calls. */
  private enum Identifiers {
    /** Each is known by its place: they are random. */
    NUMBERED,
    /** They are kept, since the calls may be with the provider. */
    KEPT
  }

  private static Identifiers identifiers(ObjectNode body) {
    boolean refers = body.hasNonNull("previous_response_id");
    for (JsonNode item : body.path("input")) {
      refers |= item.path("type").asText("").equals("item_reference");
    }
    return refers ? Identifiers.KEPT : Identifiers.NUMBERED;
  }

  private static Message item(ObjectNode item, Identifiers identifiers) {
    String type = item.has("type") ? Bodies.text(item, "type") : "message";
    return switch (type) {
      case "message" -> message(item);
      case "function_call" -> call(item, "arguments");
      case "custom_tool_call" -> call(item, "input");
      case "function_call_output", "custom_tool_call_output" -> result(item, identifiers);
      case "reasoning", "compaction", "item_reference" ->
          new Message(
              Role.ASSISTANT,
              List.of(new Part.Opaque(type, Json.values(item, Set.of()))),
              JsonObject.empty());
      default -> throw new UnmappableException("an item of input is of a type not known here");
    };
  }

  private static Message message(ObjectNode item) {
    Role role =
        switch (Bodies.text(item, "role")) {
          case "system" -> Role.SYSTEM;
          case "developer" -> Role.DEVELOPER;
          case "user" -> Role.USER;
          case "assistant" -> Role.ASSISTANT;
          default -> throw new UnmappableException("a message has a role that is not known here");
        };
    JsonNode content =
        Neutral.plain(item.path("content"), role == Role.ASSISTANT ? "output_text" : "input_text");
    JsonObject attributes = attributes(item, Set.of("type", "role", "content", "id"));
    if (content.isArray()) {
      attributes = attributes.with(CallContext.OWN_PREFIX + "content", "list");
    }
    return new Message(role, ResponsesParts.of(content, role), attributes);
  }

  /** Maps a attempt to have a tool called. */
  private static Message call(ObjectNode item, String argument) {
    JsonNode given = item.path(argument);
    if (!given.isTextual()) {
      throw new UnmappableException("a tool call has no " + argument);
    }
    Part call =
        new Part.ToolCall(Bodies.text(item, CALL_ID), Bodies.text(item, "name"), given.textValue());
    return new Message(
        Role.ASSISTANT, List.of(call), attributes(item, Set.of(CALL_ID, "name", argument, "id")));
  }

  /** Maps what a tool answered. */
  private static Message result(ObjectNode item, Identifiers identifiers) {
    JsonNode output = item.path(OUTPUT);
    String id = Bodies.text(item, CALL_ID);
    JsonObject attributes =
        attributes(item, Set.of(CALL_ID, OUTPUT, "id"))
            .with(CallContext.OWN_PREFIX + OUTPUT, output.isArray() ? "list" : "text");
    if (identifiers == Identifiers.KEPT) {
      attributes = attributes.with(CallContext.OWN_PREFIX + CALL_ID, id);
    }
    Part result = new Part.ToolResult(id, "", ResponsesParts.of(output, Role.TOOL), attributes);
    return new Message(Role.TOOL, List.of(result), JsonObject.empty());
  }

  /** Returns the members of {@code item} but {@code less}, and but that it is complete. */
  private static JsonObject attributes(ObjectNode item, Set<String> less) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (Map.Entry<String, ?> member : Json.values(item, less).values().entrySet()) {
      if (member.getKey().startsWith(CallContext.OWN_PREFIX)) {
        throw new UnmappableException(
            "an item of input has a member whose name begins with " + CallContext.OWN_PREFIX);
      }
      boolean saysNothing = member.getKey().equals(STATUS) && "completed".equals(member.getValue());
      if (!saysNothing) {
        attributes.put(member.getKey(), member.getValue());
      }
    }
    return new JsonObject(attributes);
  }
}
