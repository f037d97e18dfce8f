package dev.reprise.gateway.protocol.ollama;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.Identity;
import dev.reprise.gateway.protocol.openai.ChatCodec;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheException;
import dev.reprise.model.Completion;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Writes a reply of Ollama's down, without its time, and gives it back. */
public final class OllamaCodec {
  static final String MESSAGE = "message";
  static final String CONTENT = "content";
  static final String RESPONSE = "response";
  static final String THINKING = "thinking";
  static final String TOOL_CALLS = "tool_calls";
  static final String DONE = "done";
  static final String CREATED_AT = "created_at";

  private OllamaCodec() {}

  /** What is asked of Ollama. */
  public enum Call {
    /** {@code POST /api/chat}. */
    CHAT("ollama-chat/1"),
    /** {@code POST /api/generate}. */
    GENERATE("ollama-generate/1");

    private final String format;

    Call(String format) {
      this.format = format;
    }

    /** Returns how an answer is written down. */
    public String format() {
      return format;
    }

    private boolean isIn(JsonNode reply) {
      return this == CHAT ? reply.path(MESSAGE).isObject() : reply.path(RESPONSE).isTextual();
    }

    private String text(JsonNode reply) {
      return this == CHAT
          ? reply.path(MESSAGE).path(CONTENT).asText("")
          : reply.path(RESPONSE).asText("");
    }
  }

  /** Returns {@code reply} as an answer; empty where it is none. */
  static Optional<Answer> encode(JsonNode reply, Call call) {
    return reply instanceof ObjectNode whole && isReply(whole, call)
        ? Optional.of(encode(whole, call, completion(whole)))
        : Optional.empty();
  }

  /** Returns {@code reply} as an answer that ended in this way. */
  static Answer encode(ObjectNode reply, Call call, Completion end) {
    ObjectNode kept = reply.deepCopy();
    if (kept.has(CREATED_AT)) {
      kept.put(CREATED_AT, "");
    }
    return new Answer(
        call.text(reply),
        Json.text(kept),
        end,
        ChatCodec.usage(reply, "prompt_eval_count", "eval_count"),
        Set.of());
  }

  /** Returns a reply that says {@code text}, as an answer. */
  static Answer ofText(String model, String text, Call call) {
    ObjectNode reply = Json.object().put("model", model).put(CREATED_AT, "");
    switch (call) {
      case CHAT -> reply.putObject(MESSAGE).put("role", "assistant").put(CONTENT, text);
      case GENERATE -> reply.put(RESPONSE, text);
    }
    reply.put("done_reason", "stop").put(DONE, true);
    reply.put("total_duration", 0).put("load_duration", 0);
    reply.put("prompt_eval_count", 0).put("prompt_eval_duration", 0);
    reply.put("eval_count", 0).put("eval_duration", 0);
    return encode(reply, call, Completion.COMPLETE);
  }

  /**
   * Returns the reply that was written down, as Ollama would send it now.
   *
   * @throws CacheException if the payload cannot be read
   */
  static ObjectNode decode(Answer answer, Call call, Identity identity) {
    ObjectNode reply = read(answer, call);
    if (reply.has(CREATED_AT)) {
      reply.put(CREATED_AT, Instant.ofEpochSecond(identity.created()).toString());
    }
    return reply;
  }

  /**
   * Returns what was written down.
   *
   * @throws CacheException if it cannot be read
   */
  static ObjectNode read(Answer answer, Call call) {
    try {
      if (Json.read(answer.payload()) instanceof ObjectNode kept && isReply(kept, call)) {
        return kept;
      }
    } catch (JsonProcessingException e) {
      throw new CacheException("the payload of an entry is not JSON", e);
    }
    throw new CacheException("the payload of an entry is no reply of Ollama's");
  }

  private static boolean isReply(ObjectNode reply, Call call) {
    return call.isIn(reply) && reply.path(DONE).isBoolean() && !reply.hasNonNull("error");
  }

  /** Returns how it ended; older servers give no reason. */
  static Completion completion(ObjectNode reply) {
    if (!reply.path(DONE).asBoolean()) {
      return Completion.OTHER;
    }
    Completion end =
        switch (reply.path("done_reason").asText("stop")) {
          case "stop" -> Completion.COMPLETE;
          case "length" -> Completion.TRUNCATED;
          default -> Completion.OTHER;
        };
    JsonNode calls = reply.path(MESSAGE).path(TOOL_CALLS);
    return calls.isEmpty() ? end : ChatCodec.worse(end, Completion.TOOL_CALLS);
  }
}
