package dev.reprise.gateway.protocol.gemini;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.Identity;
import dev.reprise.gateway.protocol.openai.ChatCodec;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheException;
import dev.reprise.model.Completion;
import dev.reprise.model.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes a reply of Gemini's down, without its identifier, and gives it back. */
final class GeminiCodec {
  /** How an answer is written down. */
  static final String FORMAT = "gemini/1";

  static final String CANDIDATES = "candidates";
  static final String CONTENT = "content";
  static final String PARTS = "parts";
  static final String TEXT = "text";
  static final String THOUGHT = "thought";
  static final String FINISH_REASON = "finishReason";
  static final String PROMPT_FEEDBACK = "promptFeedback";
  static final String USAGE = "usageMetadata";
  private static final String RESPONSE_ID = "responseId";

  /** What a part of an answer says; anything else was done, or looked up, by the provider. */
  private static final Set<String> SAID =
      Set.of(TEXT, THOUGHT, "thoughtSignature", "inlineData", "videoMetadata");

  private GeminiCodec() {}

  /** Returns {@code reply} as an answer; empty where it is none. */
  static Optional<Answer> encode(JsonNode reply) {
    return reply instanceof ObjectNode whole && isReply(whole)
        ? Optional.of(encode(whole, completion(whole)))
        : Optional.empty();
  }

  /** Returns {@code reply} as an answer that ended in this way. */
  static Answer encode(ObjectNode reply, Completion end) {
    ObjectNode kept = reply.deepCopy();
    if (kept.has(RESPONSE_ID)) {
      kept.put(RESPONSE_ID, "");
    }
    return new Answer(text(reply), Json.text(kept), end, usage(reply.path(USAGE)), Set.of());
  }

  /** Returns a reply that says {@code text}, as an answer. */
  static Answer ofText(String model, String text) {
    ObjectNode reply = Json.object();
    ObjectNode candidate = reply.putArray(CANDIDATES).addObject();
    ObjectNode content = candidate.putObject(CONTENT);
    content.putArray(PARTS).addObject().put(TEXT, text);
    content.put("role", "model");
    candidate.put(FINISH_REASON, "STOP").put("index", 0);
    reply
        .putObject(USAGE)
        .put("promptTokenCount", 0)
        .put("candidatesTokenCount", 0)
        .put("totalTokenCount", 0);
    reply.put("modelVersion", model).put(RESPONSE_ID, "");
    return encode(reply, Completion.COMPLETE);
  }

  /**
   * Returns the reply that was written down, as the provider would send it now.
   *
   * @throws CacheException if the payload cannot be read
   */
  static ObjectNode decode(Answer answer, Identity identity) {
    ObjectNode reply = read(answer);
    if (reply.has(RESPONSE_ID)) {
      reply.put(RESPONSE_ID, identity.id());
    }
    return reply;
  }

  /**
   * Returns what was written down.
   *
   * @throws CacheException if it cannot be read
   */
  static ObjectNode read(Answer answer) {
    try {
      if (Json.read(answer.payload()) instanceof ObjectNode kept && isReply(kept)) {
        return kept;
      }
    } catch (JsonProcessingException e) {
      throw new CacheException("the payload of an entry is not JSON", e);
    }
    throw new CacheException("the payload of an entry is no reply of Gemini's");
  }

  private static boolean isReply(ObjectNode reply) {
    JsonNode candidates = reply.path(CANDIDATES);
    for (JsonNode candidate : candidates) {
      if (!candidate.isObject()) {
        return false;
      }
    }
    return (candidates.isArray() && !candidates.isEmpty())
        ? !reply.hasNonNull("error")
        : reply.path(PROMPT_FEEDBACK).isObject();
  }

  /** Returns how it ended: of several candidates the one that ended worst. */
  static Completion completion(ObjectNode reply) {
    Completion worst = Completion.COMPLETE;
    if (reply.path(CANDIDATES).isEmpty() || reply.path(PROMPT_FEEDBACK).hasNonNull("blockReason")) {
      worst = Completion.FILTERED;
    }
    for (JsonNode candidate : reply.path(CANDIDATES)) {
      worst = ChatCodec.worse(worst, end(candidate));
    }
    return worst;
  }

  private static Completion end(JsonNode candidate) {
    Completion worst =
        switch (candidate.path(FINISH_REASON).asText("")) {
          case "STOP" -> Completion.COMPLETE;
          case "MAX_TOKENS" -> Completion.TRUNCATED;
          case "SAFETY",
              "RECITATION",
              "LANGUAGE",
              "BLOCKLIST",
              "PROHIBITED_CONTENT",
              "SPII",
              "IMAGE_SAFETY",
              "IMAGE_PROHIBITED_CONTENT",
              "IMAGE_RECITATION",
              "MODEL_ARMOR" ->
              Completion.FILTERED;
          default -> Completion.OTHER;
        };
    for (JsonNode part : candidate.path(CONTENT).path(PARTS)) {
      for (String name : names(part)) {
        Completion end =
            SAID.contains(name)
                ? Completion.COMPLETE
                : name.equals("functionCall") ? Completion.TOOL_CALLS : Completion.OTHER;
        worst = ChatCodec.worse(worst, end);
      }
    }
    return worst;
  }

  private static List<String> names(JsonNode part) {
    List<String> names = new ArrayList<>();
    part.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static String text(ObjectNode reply) {
    List<String> texts = new ArrayList<>();
    for (JsonNode candidate : reply.path(CANDIDATES)) {
      StringBuilder text = new StringBuilder();
      for (JsonNode part : candidate.path(CONTENT).path(PARTS)) {
        if (!part.path(THOUGHT).asBoolean(false)) {
          text.append(part.path(TEXT).asText(""));
        }
      }
      if (!text.isEmpty()) {
        texts.add(text.toString());
      }
    }
    return String.join("\n", texts);
  }

  /** Thoughts are billed as output. */
  private static TokenUsage usage(JsonNode usage) {
    JsonNode input = usage.path("promptTokenCount");
    if (!input.canConvertToLong()
        || !input.isIntegralNumber()
        || !usage.path("candidatesTokenCount").isIntegralNumber()) {
      return new TokenUsage.Unknown();
    }
    long output =
        usage.path("candidatesTokenCount").asLong() + usage.path("thoughtsTokenCount").asLong(0);
    return input.asLong() >= 0 && output >= 0
        ? new TokenUsage.Known(input.asLong(), output)
        : new TokenUsage.Unknown();
  }
}
