package dev.reprise.gateway.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.EventReader;
import dev.reprise.gateway.protocol.Protocol;
import dev.reprise.gateway.protocol.StreamChunk;
import dev.reprise.model.Answer;
import dev.reprise.model.Completion;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/*
 * The stream has no mark at its end: it is whole where every candidate has said why it ended, and the connection was not cut.
 */
/** Puts the events of Gemini's stream together to the reply that they are. Not thread-safe. */
final class GeminiCollector implements Protocol.Collector {
  /** What comes piece by piece in lists; of all else the latest counts. */
  private static final Set<String> PIECEWISE = Set.of("citationMetadata", "logprobsResult");

  private final ObjectNode common = Json.object();
  private final Map<Integer, ObjectNode> candidates = new TreeMap<>();
  private boolean isOdd;

  @Override
  public StreamChunk take(EventReader.Event event) {
    String data = event.data();
    // Proxies that speak OpenAI's protocol, too, end every stream with [DONE].
    if (data != null && !data.isBlank() && !data.strip().equals(StreamChunk.DONE)) {
      Json.readObject(data).ifPresentOrElse(this::add, () -> isOdd = true);
    }
    return StreamChunk.same(event.raw());
  }

  @Override
  public boolean isEnded() {
    return false;
  }

  private void add(ObjectNode chunk) {
    if (chunk.hasNonNull("error")) {
      isOdd = true;
      return;
    }
    for (Map.Entry<String, JsonNode> member : chunk.properties()) {
      if (member.getKey().equals(GeminiCodec.CANDIDATES)) {
        int place = 0;
        for (JsonNode candidate : member.getValue()) {
          candidate(candidate, place++);
        }
      } else if (!member.getValue().isNull()) {
        common.set(member.getKey(), member.getValue());
      }
    }
  }

  private void candidate(JsonNode given, int place) {
    if (!(given instanceof ObjectNode part)) {
      isOdd = true;
      return;
    }
    ObjectNode whole =
        candidates.computeIfAbsent(part.path("index").asInt(place), unused -> Json.object());
    for (Map.Entry<String, JsonNode> member : part.properties()) {
      String name = member.getKey();
      JsonNode value = member.getValue();
      if (name.equals(GeminiCodec.CONTENT) && value instanceof ObjectNode content) {
        content(content, whole);
      } else if (PIECEWISE.contains(name) && value instanceof ObjectNode more) {
        append(more, whole.withObject("/" + name));
      } else if (!value.isNull()) {
        whole.set(name, value);
      }
    }
  }

  private static void append(ObjectNode more, ObjectNode into) {
    for (Map.Entry<String, JsonNode> member : more.properties()) {
      if (member.getValue() instanceof ArrayNode list) {
        into.withArrayProperty(member.getKey()).addAll(list);
      } else {
        into.set(member.getKey(), member.getValue());
      }
    }
  }

  private void content(ObjectNode content, ObjectNode whole) {
    ObjectNode into = whole.withObject("/" + GeminiCodec.CONTENT);
    for (Map.Entry<String, JsonNode> member : content.properties()) {
      if (member.getKey().equals(GeminiCodec.PARTS)) {
        ArrayNode parts = into.withArrayProperty(GeminiCodec.PARTS);
        for (JsonNode part : member.getValue()) {
          part(part, parts);
        }
      } else {
        into.set(member.getKey(), member.getValue());
      }
    }
  }

  /** Texts go on with the text before them; a signature stays with its own part. */
  private void part(JsonNode part, ArrayNode parts) {
    if (!(part instanceof ObjectNode given)) {
      isOdd = true;
      return;
    }
    JsonNode last = parts.path(parts.size() - 1);
    if (isPlainText(given)
        && isPlainText(last)
        && isThought(given) == isThought(last)
        && last instanceof ObjectNode begun) {
      String text = begun.path(GeminiCodec.TEXT).textValue();
      begun.put(GeminiCodec.TEXT, text + given.path(GeminiCodec.TEXT).textValue());
    } else if (!isPlainText(given) || !given.path(GeminiCodec.TEXT).textValue().isEmpty()) {
      parts.add(given.deepCopy());
    }
  }

  /** Returns whether {@code part} is a text and nothing else. */
  static boolean isPlainText(JsonNode part) {
    return part.path(GeminiCodec.TEXT).isTextual()
        && part.size() == (part.has(GeminiCodec.THOUGHT) ? 2 : 1);
  }

  private static boolean isThought(JsonNode part) {
    return part.path(GeminiCodec.THOUGHT).asBoolean(false);
  }

  @Override
  public Optional<Answer> answer() {
    if (candidates.isEmpty() && !common.path(GeminiCodec.PROMPT_FEEDBACK).isObject()) {
      return Optional.empty();
    }
    ObjectNode reply = Json.object();
    boolean isWhole = !isOdd;
    if (!candidates.isEmpty()) {
      ArrayNode all = reply.putArray(GeminiCodec.CANDIDATES);
      for (ObjectNode candidate : candidates.values()) {
        all.add(candidate);
        isWhole &= candidate.hasNonNull(GeminiCodec.FINISH_REASON);
      }
    }
    reply.setAll(common);
    Completion end = isWhole ? GeminiCodec.completion(reply) : Completion.OTHER;
    return Optional.of(GeminiCodec.encode(reply, end));
  }
}
