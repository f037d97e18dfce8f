package dev.reprise.gateway.protocol.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.Bodies;
import dev.reprise.gateway.protocol.Identity;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheException;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Completion;
import dev.reprise.model.Document;
import dev.reprise.model.TokenUsage;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/*
 * What the provider stores (store, which it does unless it is told not to) can be referred to later: by previous_response_id, by a
 * GET, by an item_reference. An identifier that was made up here would be refused then. So the replay of a stored response is that
 * response, under the identifier and time by which the provider knows it. Where the client said store:false nobody knows it, and
 * each replay is a response of its own. Items keep their identifiers in any case: reasoning that is encrypted is bound to them.
 */
/** Writes a response down, which is the provider's own JSON, and gives it back. */
public final class ResponsesCodec {
  /** How an answer is written down. */
  static final String FORMAT = "openai-response/1";

  static final String OUTPUT = "output";
  static final String CONTENT = "content";
  static final String STATUS = "status";
  static final String TYPE = "type";
  static final String COMPLETED = "completed";

  /** What of an answer repeats the request and is not in its key. */
  private static final List<String> ECHOES =
      List.of(Bodies.PROMPT_CACHE_KEY, Bodies.PROMPT_CACHE_RETENTION);

  private ResponsesCodec() {}

  /** Returns {@code reply} as an answer; empty where it is no response. */
  static Optional<Answer> encode(JsonNode reply) {
    return reply instanceof ObjectNode response && isResponse(response)
        ? Optional.of(encode(response, completion(response)))
        : Optional.empty();
  }

  /** Returns {@code response} as an answer that ended in this way. */
  static Answer encode(ObjectNode response, Completion end) {
    String id = response.path("id").asText("");
    Set<Document> itself = id.isBlank() ? Set.of() : Set.of(new Document(document(id), "1"));
    return new Answer(text(response), Json.text(response), end, usage(response), itself);
  }

  /**
   * Returns a response that says {@code text}, as an answer. Where the provider keeps responses,
   * there is none: it would not know this one when the client refers to it.
   */
  static Optional<Answer> ofText(CacheRequest request, String text) {
    if (!Boolean.FALSE.equals(request.parameters().get("store").orElse(true))) {
      return Optional.empty();
    }
    ObjectNode response =
        Json.object().put("id", "").put("object", "response").put("created_at", 0);
    response.put(STATUS, COMPLETED).put("background", false);
    response.putNull("error").putNull("incomplete_details").putNull("instructions");
    response.put("model", request.model());
    ObjectNode message = response.putArray(OUTPUT).addObject();
    message.put("id", "msg_curated").put(TYPE, "message").put(STATUS, COMPLETED);
    message.put("role", "assistant");
    ObjectNode part = message.putArray(CONTENT).addObject();
    part.put(TYPE, "output_text").put("text", text).putArray("annotations");
    response.put("parallel_tool_calls", true).putNull("previous_response_id");
    response.put("store", false).put("tool_choice", "auto").put("truncation", "disabled");
    response.putObject("text").putObject("format").put(TYPE, "text");
    response.putArray("tools");
    response.putObject("metadata");
    ObjectNode usage = response.putObject("usage").put("input_tokens", 0);
    usage.putObject("input_tokens_details").put("cached_tokens", 0);
    usage.put("output_tokens", 0).putObject("output_tokens_details").put("reasoning_tokens", 0);
    usage.put("total_tokens", 0);
    return encode(response);
  }

  /** Returns by which document's tag the entries of the response {@code id} can be removed. */
  public static String document(String id) {
    return "response:" + id;
  }

  /**
   * Returns the response that was written down, as a provider would send it now.
   *
   * @param body what is asked now
   * @param own the identity that it has where the provider does not know it
   * @throws CacheException if the payload cannot be read
   */
  static ObjectNode decode(Answer answer, ObjectNode body, Identity own) {
    ObjectNode response = read(answer);
    if (!isKept(body)) {
      response.put("id", own.id());
      response.put("created_at", own.created());
      if (response.hasNonNull("completed_at")) {
        response.put("completed_at", own.created());
      }
    }
    for (String echo : ECHOES) {
      if (body.has(echo)) {
        response.set(echo, body.get(echo));
      } else if (response.hasNonNull(echo)) {
        response.putNull(echo);
      }
    }
    return response;
  }

  /** Returns whether the provider keeps the answer to {@code body}, as it does by default. */
  private static boolean isKept(ObjectNode body) {
    return body.path("store").asBoolean(true);
  }

  /**
   * Returns what was written down.
   *
   * @throws CacheException if it cannot be read
   */
  static ObjectNode read(Answer answer) {
    try {
      if (Json.read(answer.payload()) instanceof ObjectNode kept && isResponse(kept)) {
        return kept;
      }
    } catch (JsonProcessingException e) {
      throw new CacheException("the payload of an entry is not JSON", e);
    }
    throw new CacheException("the payload of an entry is no response");
  }

  private static boolean isResponse(ObjectNode response) {
    JsonNode output = response.path(OUTPUT);
    for (JsonNode item : output) {
      if (!item.isObject()) {
        return false;
      }
    }
    return output.isArray();
  }

  /** Returns how it ended: of several items the one that ended worst. */
  static Completion completion(ObjectNode response) {
    if (response.hasNonNull("error")) {
      return Completion.OTHER;
    }
    Completion worst =
        switch (response.path(STATUS).asText("")) {
          case COMPLETED -> Completion.COMPLETE;
          case "incomplete" -> incomplete(response.path("incomplete_details").path("reason"));
          default -> Completion.OTHER;
        };
    for (JsonNode item : response.path(OUTPUT)) {
      worst = ChatCodec.worse(worst, end(item));
    }
    return worst;
  }

  private static Completion incomplete(JsonNode reason) {
    return switch (reason.asText("")) {
      case "max_output_tokens" -> Completion.TRUNCATED;
      case "content_filter" -> Completion.FILTERED;
      default -> Completion.OTHER;
    };
  }

  private static Completion end(JsonNode item) {
    if (!item.path(STATUS).asText(COMPLETED).equals(COMPLETED)) {
      return Completion.OTHER;
    }
    return switch (item.path(TYPE).asText("")) {
      case "reasoning" -> Completion.COMPLETE;
      case "message" -> isRefusal(item) ? Completion.REFUSED : Completion.COMPLETE;
      case "function_call", "custom_tool_call" -> Completion.TOOL_CALLS;
      // The provider acted, or looked something up.
      default -> Completion.OTHER;
    };
  }

  private static boolean isRefusal(JsonNode item) {
    for (JsonNode part : item.path(CONTENT)) {
      if (part.path(TYPE).asText("").equals("refusal")) {
        return true;
      }
    }
    return false;
  }

  private static String text(ObjectNode response) {
    StringBuilder text = new StringBuilder();
    for (JsonNode item : response.path(OUTPUT)) {
      if (item.path(TYPE).asText("").equals("message")) {
        for (JsonNode part : item.path(CONTENT)) {
          text.append(part.path("text").asText(""));
        }
      }
    }
    return text.toString();
  }

  private static TokenUsage usage(ObjectNode response) {
    return ChatCodec.usage(response.path("usage"), "input_tokens", "output_tokens");
  }
}
