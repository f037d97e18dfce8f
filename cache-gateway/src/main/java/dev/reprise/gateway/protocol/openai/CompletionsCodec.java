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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes a text completion down and gives it back. */
public final class CompletionsCodec {
  /** How an answer is written down. */
  public static final String FORMAT = "openai-completions/1";

  static final String CHOICES = "choices";
  static final String TEXT = "text";
  private static final Set<String> OF_ONE_CALL = Set.of("id", "created", "object");

  private CompletionsCodec() {}

  /** Returns {@code reply} as an answer; empty where it is no completion. */
  static Optional<Answer> encode(JsonNode reply) {
    return reply instanceof ObjectNode completion && isCompletion(completion)
        ? Optional.of(encode(completion, completion(completion)))
        : Optional.empty();
  }

  /** Returns {@code completion} as an answer that ended in this way. */
  static Answer encode(ObjectNode completion, Completion end) {
    ObjectNode kept = completion.deepCopy();
    kept.remove(OF_ONE_CALL);
    List<String> texts = new ArrayList<>();
    completion.path(CHOICES).forEach(choice -> texts.add(choice.path(TEXT).asText("")));
    return new Answer(
        String.join("\n", texts),
        Json.text(kept),
        end,
        ChatCodec.usage(completion.path("usage"), "prompt_tokens", "completion_tokens"),
        Set.of());
  }

  /**
   * Returns the completion that was written down, as a provider would send it now.
   *
   * @throws CacheException if the payload cannot be read
   */
  static ObjectNode decode(Answer answer, Identity identity) {
    ObjectNode completion = head(identity);
    completion.setAll(read(answer));
    return completion;
  }

  /** Returns what differs from call to call. */
  static ObjectNode head(Identity identity) {
    return Json.object()
        .put("id", identity.id())
        .put("object", "text_completion")
        .put("created", identity.created());
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
    throw new CacheException("the payload of an entry is no text completion");
  }

  private static boolean isCompletion(ObjectNode completion) {
    JsonNode choices = completion.path(CHOICES);
    if (!choices.isArray() || choices.isEmpty() || completion.hasNonNull("error")) {
      return false;
    }
    for (JsonNode choice : choices) {
      if (!choice.path(TEXT).isTextual()) {
        return false;
      }
    }
    return true;
  }

  /** Returns how it ended: of several choices the one that ended worst. */
  static Completion completion(ObjectNode completion) {
    Completion worst = Completion.COMPLETE;
    for (JsonNode choice : completion.path(CHOICES)) {
      Completion end = FinishReasons.end(choice.path("finish_reason").asText(""));
      if (end == Completion.TOOL_CALLS) {
        end = Completion.OTHER; // a text asks for no tools
      }
      worst = ChatCodec.worse(worst, end);
    }
    return worst;
  }
}
