package dev.reprise.gateway.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Completion;
import dev.reprise.policy.internal.ForcedTool;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Reads structured output from the call of a forced tool. The call is the answer that the client
 * wants, and not the model's choice to act: see {@link ForcedTool}.
 */
public final class ForcedCall {
  private ForcedCall() {}

  /**
   * Returns the form in which answers to {@code request} are stored: a call that it forces is a
   * complete answer. Any other answer is unchanged.
   */
  public static UnaryOperator<Answer> form(CacheRequest request) {
    return ForcedTool.name(request).isPresent() ? ForcedCall::asAnswer : UnaryOperator.identity();
  }

  private static Answer asAnswer(Answer answer) {
    return answer.completion() == Completion.TOOL_CALLS
        ? new Answer(
            arguments(answer),
            answer.payload(),
            Completion.COMPLETE,
            answer.usage(),
            answer.documents())
        : answer;
  }

  private static JsonNode either(JsonNode object, String camel, String snake) {
    return object.has(camel) ? object.path(camel) : object.path(snake);
  }

  /**
   * Returns the arguments of the calls as text; "{}" if there are none, as for a function without
   * parameters.
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
