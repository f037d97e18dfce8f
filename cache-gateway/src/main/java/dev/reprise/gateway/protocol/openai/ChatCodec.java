package dev.reprise.gateway.protocol.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.FinishReasons;
import dev.reprise.gateway.protocol.Identity;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheException;
import dev.reprise.model.Completion;
import dev.reprise.model.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes a chat completion down and gives it back. What is written is the provider's own JSON
 * without what differs from call to call, its identifier and its time.
 */
public final class ChatCodec {
  /** How an answer is written down. */
  static final String FORMAT = "openai-chat/1";

  private static final String CHOICES = "choices";
  private static final Set<String> OF_ONE_CALL = Set.of("id", "created", "object");

  private ChatCodec() {}

  /** Returns {@code reply} as an answer; empty where it is no chat completion. */
  static Optional<Answer> encode(JsonNode reply) {
    if (!(reply instanceof ObjectNode completion) || !isCompletion(completion)) {
      return Optional.empty();
    }
    return Optional.of(encode(completion, completion(completion)));
  }

  /** Returns {@code completion} as an answer that ended in this way. */
  static Answer encode(ObjectNode completion, Completion end) {
    ObjectNode kept = completion.deepCopy();
    kept.remove(OF_ONE_CALL);
    for (JsonNode choice : kept.path(CHOICES)) {
      if (choice.path("message") instanceof ObjectNode message
          && message.path("role").isTextual()
          && message.path("role").textValue().isEmpty()) {
        // Strict clients refuse a role without a name.
        message.put("role", "assistant");
      }
    }
    TokenUsage usage = usage(completion.path("usage"), "prompt_tokens", "completion_tokens");
    return new Answer(text(completion), Json.text(kept), end, usage, Set.of());
  }

  /** Returns a completion that says {@code text}, as an answer. */
  static Answer ofText(String model, String text) {
    ObjectNode completion = Json.object().put("model", model);
    ObjectNode choice = completion.putArray(CHOICES).addObject().put("index", 0);
    choice.putObject("message").put("role", "assistant").put("content", text).putNull("refusal");
    choice.putNull("logprobs").put("finish_reason", "stop");
    completion
        .putObject("usage")
        .put("prompt_tokens", 0)
        .put("completion_tokens", 0)
        .put("total_tokens", 0);
    return encode(completion, Completion.COMPLETE);
  }

  /**
   * Returns the completion that was written down, as a provider would send it now.
   *
   * @throws CacheException if the payload cannot be read
   */
  static ObjectNode decode(Answer answer, Identity identity) {
    ObjectNode completion = Json.object();
    completion.put("id", identity.id());
    completion.put("object", "chat.completion");
    completion.put("created", identity.created());
    completion.setAll(read(answer));
    return completion;
  }

  /**
   * Returns what was written down.
   *
   * @throws CacheException if it cannot be read
   */
  static ObjectNode read(Answer answer) {
    try {
      if (Json.read(answer.payload()) instanceof ObjectNode kept && isCompletion(kept)) {
        return kept;
      }
    } catch (JsonProcessingException e) {
      throw new CacheException("the payload of an entry is not JSON", e);
    }
    throw new CacheException("the payload of an entry is no chat completion");
  }

  private static boolean isCompletion(ObjectNode completion) {
    JsonNode choices = completion.get(CHOICES);
    if (choices == null || !choices.isArray() || choices.isEmpty()) {
      return false;
    }
    for (JsonNode choice : choices) {
      if (!choice.path("message").isObject()) {
        return false;
      }
    }
    return true;
  }

  /** Returns how it ended: of several choices the one that ended worst. */
  static Completion completion(ObjectNode completion) {
    Completion worst = Completion.COMPLETE;
    for (JsonNode choice : completion.path(CHOICES)) {
      worst = worse(worst, end(choice));
    }
    return worst;
  }

  private static Completion end(JsonNode choice) {
    JsonNode refusal = choice.path("message").path("refusal");
    if (refusal.isTextual() && !refusal.textValue().isEmpty()) {
      return Completion.REFUSED;
    }
    Completion end = FinishReasons.end(choice.path("finish_reason").asText(""));
    // Where the client forced a tool, OpenAI says "stop".
    return end == Completion.COMPLETE && asksForTools(choice.path("message"))
        ? Completion.TOOL_CALLS
        : end;
  }

  private static boolean asksForTools(JsonNode message) {
    JsonNode calls = message.path("tool_calls");
    return (calls.isArray() && !calls.isEmpty()) || message.path("function_call").isObject();
  }

  /** Returns the worse of two ends. */
  public static Completion worse(Completion one, Completion other) {
    return rank(other) > rank(one) ? other : one;
  }

  private static int rank(Completion end) {
    return switch (end) {
      case COMPLETE -> 0;
      case TOOL_CALLS -> 1;
      case REFUSED -> 2;
      case TRUNCATED -> 3;
      case FILTERED -> 4;
      case UNKNOWN_SOURCE -> 5;
      case OTHER -> 6;
    };
  }

  private static String text(ObjectNode completion) {
    List<String> texts = new ArrayList<>();
    for (JsonNode choice : completion.path(CHOICES)) {
      String said = ContentParts.text(choice.path("message").path("content"));
      if (!said.isEmpty()) {
        texts.add(said);
      }
    }
    return String.join("\n", texts);
  }

  /** Returns what {@code usage} says, whose two counts have these names. */
  public static TokenUsage usage(JsonNode usage, String inputName, String outputName) {
    JsonNode input = usage.path(inputName);
    JsonNode output = usage.path(outputName);
    return isCount(input) && isCount(output)
        ? new TokenUsage.Known(input.longValue(), output.longValue())
        : new TokenUsage.Unknown();
  }

  private static boolean isCount(JsonNode tokens) {
    return tokens.isIntegralNumber() && tokens.canConvertToLong() && tokens.longValue() >= 0;
  }
}
