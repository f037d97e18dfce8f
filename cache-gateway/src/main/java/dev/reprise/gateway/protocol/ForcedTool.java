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
    String text = answer.text().isBlank() ? arguments(answer) : answer.text();
    return new Answer(
        text, answer.payload(), Completion.COMPLETE, answer.usage(), answer.documents());
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
        default -> false;
      };
    }
    JsonNode ofGoogle = body.path("toolConfig").path("functionCallingConfig");
    if (ofGoogle.path("mode").asText("").equals("ANY")) {
      JsonNode allowed = ofGoogle.path("allowedFunctionNames");
      JsonNode tools = body.path("tools");
      return allowed.size() == 1
          || (tools.size() == 1 && tools.path(0).path("functionDeclarations").size() == 1);
    }
    return body.path("function_call").hasNonNull("name");
  }

  /**
   * Returns what the functions are called with, as text; the whole payload where that is nothing,
   * as for a function without parameters. "{}" alone would be taken for an empty answer.
   */
  private static String arguments(Answer answer) {
    List<String> found = new ArrayList<>();
    Json.readObject(answer.payload())
        .ifPresent(
            payload -> {
              for (String name : List.of("arguments", "input", "args")) {
                payload.findValues(name).forEach(value -> found.add(text(value)));
              }
            });
    found.removeIf(value -> value.isBlank() || value.strip().equals("{}"));
    return found.isEmpty() ? answer.payload() : String.join("\n", found);
  }

  private static String text(JsonNode value) {
    return value.isTextual() ? value.textValue() : Json.text(value);
  }
}
