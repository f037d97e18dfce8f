package dev.reprise.gateway.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.model.Answer;
import dev.reprise.model.Completion;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells structured output from an action: where a client forces one function, the call of it is the
 * answer that the client wants, and not the model's choice to act.
 */
public final class ForcedTool {
  private ForcedTool() {}

  /** Returns {@code answer}; as a complete one where it is the call that {@code body} forces. */
  public static Answer admitted(Answer answer, ObjectNode body) {
    if (answer.completion() != Completion.TOOL_CALLS || !isForced(body)) {
      return answer;
    }
    return new Answer(
        arguments(answer),
        answer.payload(),
        Completion.COMPLETE,
        answer.usage(),
        answer.documents());
  }

  /** Returns whether {@code body} forces the call of one function. */
  static boolean isForced(ObjectNode body) {
    JsonNode choice = body.path("tool_choice");
    if (choice.isTextual()) {
      boolean isAny = choice.textValue().equals("required") || choice.textValue().equals("any");
      return isAny && body.path("tools").size() == 1;
    }
    if (choice.isObject()) {
      return switch (choice.path("type").asText("")) {
        case "function", "custom" ->
            choice.hasNonNull("name") || choice.path("function").hasNonNull("name");
        case "tool" -> choice.hasNonNull("name");
        case "any" -> body.path("tools").size() == 1;
        case "allowed_tools" -> isOneAllowed(choice);
        default -> false;
      };
    }
    JsonNode ofGoogle =
        either(
            either(body, "toolConfig", "tool_config"),
            "functionCallingConfig",
            "function_calling_config");
    if (ofGoogle.path("mode").asText("").equals("ANY")) {
      JsonNode allowed = either(ofGoogle, "allowedFunctionNames", "allowed_function_names");
      JsonNode tools = body.path("tools");
      return allowed.size() == 1
          || (allowed.isEmpty()
              && tools.size() == 1
              && either(tools.path(0), "functionDeclarations", "function_declarations").size()
                  == 1);
    }
    return body.path("function_call").hasNonNull("name");
  }

  /** Of the Responses API the list stands in the choice, of the chat one level deeper. */
  private static boolean isOneAllowed(JsonNode choice) {
    JsonNode allowed = choice.has("allowed_tools") ? choice.path("allowed_tools") : choice;
    return allowed.path("mode").asText("").equals("required") && allowed.path("tools").size() == 1;
  }

  private static JsonNode either(JsonNode object, String camel, String snake) {
    return object.has(camel) ? object.path(camel) : object.path(snake);
  }

  /**
   * Returns what the functions are called with, as text; "{}" where that is nothing, as for a
   * function without parameters.
   */
  private static String arguments(Answer answer) {
    List<String> found = new ArrayList<>();
    Json.readObject(answer.payload())
        .ifPresent(
            payload -> {
              for (JsonNode choice : payload.path("choices")) {
                JsonNode message = choice.path("message");
                message.path("tool_calls").forEach(call -> add(found, call.path("function")));
                add(found, message.path("function_call"));
              }
              payload.path("output").forEach(item -> add(found, item));
              payload.path("content").forEach(block -> add(found, block));
              for (JsonNode candidate : payload.path("candidates")) {
                for (JsonNode part : candidate.path("content").path("parts")) {
                  add(found, either(part, "functionCall", "function_call"));
                }
              }
            });
    found.removeIf(String::isBlank);
    return found.isEmpty() ? "{}" : String.join("\n", found);
  }

  private static void add(List<String> found, JsonNode call) {
    for (String name : List.of("arguments", "input", "args")) {
      if (call.hasNonNull(name)) {
        found.add(text(call.path(name)));
      }
    }
  }

  private static String text(JsonNode value) {
    return value.isTextual() ? value.textValue() : Json.text(value);
  }
}
