package dev.reprise.gateway.protocol.anthropic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.Identity;
import dev.reprise.gateway.protocol.openai.ChatCodec;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheException;
import dev.reprise.model.Completion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes a message of Anthropic's down, without its identifier, and gives it back. */
final class MessagesCodec {
  /** How an answer is written down. */
  static final String FORMAT = "anthropic-message/1";

  static final String CONTENT = "content";
  static final String TYPE = "type";
  static final String STOP_REASON = "stop_reason";

  private MessagesCodec() {}

  /** Returns {@code reply} as an answer; empty where it is no message. */
  static Optional<Answer> encode(JsonNode reply) {
    return reply instanceof ObjectNode message && isMessage(message)
        ? Optional.of(encode(message, completion(message)))
        : Optional.empty();
  }

  /** Returns {@code message} as an answer that ended in this way. */
  static Answer encode(ObjectNode message, Completion end) {
    ObjectNode kept = message.deepCopy();
    kept.remove("id");
    return new Answer(
        text(message),
        Json.text(kept),
        end,
        ChatCodec.usage(message.path("usage"), "input_tokens", "output_tokens"),
        Set.of());
  }

  /** Returns a message that says {@code text}, as an answer. */
  static Answer ofText(String model, String text) {
    ObjectNode message =
        Json.object().put(TYPE, "message").put("role", "assistant").put("model", model);
    message.putArray(CONTENT).addObject().put(TYPE, "text").put("text", text);
    message.put(STOP_REASON, "end_turn").putNull("stop_sequence");
    message.putObject("usage").put("input_tokens", 0).put("output_tokens", 0);
    return encode(message, Completion.COMPLETE);
  }

  /**
   * Returns the message that was written down, as the provider would send it now.
   *
   * @throws CacheException if the payload cannot be read
   */
  static ObjectNode decode(Answer answer, Identity identity) {
    ObjectNode message = Json.object();
    message.put("id", identity.id());
    message.setAll(read(answer));
    return message;
  }

  /**
   * Returns what was written down.
   *
   * @throws CacheException if it cannot be read
   */
  static ObjectNode read(Answer answer) {
    try {
      if (Json.read(answer.payload()) instanceof ObjectNode kept && isMessage(kept)) {
        return kept;
      }
    } catch (JsonProcessingException e) {
      throw new CacheException("the payload of an entry is not JSON", e);
    }
    throw new CacheException("the payload of an entry is no message");
  }

  private static boolean isMessage(ObjectNode message) {
    JsonNode content = message.path(CONTENT);
    for (JsonNode block : content) {
      if (!block.isObject()) {
        return false;
      }
    }
    return message.path(TYPE).asText("").equals("message") && content.isArray();
  }

  /** Returns how it ended. */
  static Completion completion(ObjectNode message) {
    Completion worst =
        switch (message.path(STOP_REASON).asText("")) {
          case "end_turn", "stop_sequence" -> Completion.COMPLETE;
          case "tool_use" -> Completion.TOOL_CALLS;
          case "max_tokens", "model_context_window_exceeded" -> Completion.TRUNCATED;
          case "refusal" -> Completion.REFUSED;
          default -> Completion.OTHER;
        };
    for (JsonNode block : message.path(CONTENT)) {
      Completion end =
          switch (block.path(TYPE).asText("")) {
            case "text", "thinking", "redacted_thinking" -> Completion.COMPLETE;
            case "tool_use" -> Completion.TOOL_CALLS;
            // The provider acted, or looked something up.
            default -> Completion.OTHER;
          };
      worst = ChatCodec.worse(worst, end);
    }
    return worst;
  }

  private static String text(ObjectNode message) {
    List<String> texts = new ArrayList<>();
    for (JsonNode block : message.path(CONTENT)) {
      String text = block.path("text").asText("");
      if (block.path(TYPE).asText("").equals("text") && !text.isEmpty()) {
        texts.add(text);
      }
    }
    return String.join("\n", texts);
  }
}
