package dev.reprise.gateway.protocol.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
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
import org.jspecify.annotations.Nullable;

/*
 * Deltas are put together as the official SDKs do: texts are appended, objects merged, lists merged by their elements' "index" or
 * else appended. What names something (id, type, role) is taken once, since some servers repeat it in every chunk.
 */
/** Puts the chunks of a stream together to the completion that they are. Not thread-safe. */
final class ChunkCollector implements Protocol.Collector {
  private static final Set<String> NAMES = Set.of("id", "type", "role", "name", "index", "format");

  /** The names of events that only keep a connection alive. */
  private static final Set<String> SIGNS_OF_LIFE =
      Set.of("ping", "heartbeat", "keepalive", "keep-alive", "keep_alive");

  private static final String TOOL_CALLS = "tool_calls";

  /** Of a chunk, not of the answer. */
  private static final Set<String> OF_CHUNK =
      Set.of("id", "object", "created", "choices", "obfuscation");

  private final Of of;
  private final ObjectNode common = Json.object();
  private final Map<Integer, ObjectNode> choices = new TreeMap<>();
  private boolean isOdd;
  private boolean isDone;

  /** What the chunks are pieces of. */
  enum Of {
    /** Of a chat completion. */
    CHAT,
    /** Of a text completion. */
    TEXT
  }

  ChunkCollector(Of of) {
    this.of = of;
  }

  @Override
  public StreamChunk take(EventReader.Event event) {
    String data = event.data();
    if (isDone || data == null || data.isBlank()) {
      return StreamChunk.same(event.raw());
    }
    if (data.strip().equals(StreamChunk.DONE)) {
      isDone = true;
      return StreamChunk.same(event.raw());
    }
    ObjectNode chunk = Json.readObject(data).orElse(null);
    if (chunk == null || !(event.name().isEmpty() || isNamedChunk(event.name(), chunk))) {
      isOdd |= !SIGNS_OF_LIFE.contains(event.name());
      return StreamChunk.same(event.raw());
    }
    add(chunk);
    return StreamChunk.of(event, chunk);
  }

  /** Some servers give each chunk's kind as the event's name, too; clients do not look at it. */
  private static boolean isNamedChunk(String name, ObjectNode chunk) {
    return name.equals(chunk.path("object").asText("")) && chunk.path("choices").isArray();
  }

  @Override
  public boolean isEnded() {
    return isDone;
  }

  /** Takes the next chunk. */
  private void add(ObjectNode chunk) {
    JsonNode given = chunk.path("choices");
    boolean isUsageOnly = chunk.path("choices").isMissingNode() || given.isNull();
    if (!given.isArray() && !(isUsageOnly && chunk.path("usage").isObject())) {
      // An error, or something that nobody knows here; the stream is not stored.
      isOdd = true;
      return;
    }
    for (Map.Entry<String, JsonNode> member : chunk.properties()) {
      if (!OF_CHUNK.contains(member.getKey()) && !member.getValue().isNull()) {
        common.set(member.getKey(), member.getValue());
      }
    }
    int place = 0;
    for (JsonNode choice : given) {
      add(choice, place++);
    }
  }

  /** Takes a choice; some servers leave its index out. */
  private void add(JsonNode choice, int place) {
    if (!(choice instanceof ObjectNode part)
        || !(part.path("index").isInt() || !part.hasNonNull("index"))) {
      isOdd = true;
      return;
    }
    int index = part.path("index").asInt(place);
    ObjectNode whole = choices.computeIfAbsent(index, this::newChoice);
    for (Map.Entry<String, JsonNode> member : part.properties()) {
      switch (member.getKey()) {
        case "index" -> {}
        case "delta" -> delta(whole, member.getValue());
        case CompletionsCodec.TEXT -> text(whole, member.getValue());
        case "finish_reason" -> {
          if (!member.getValue().isNull()) {
            whole.set("finish_reason", member.getValue());
          }
        }
        case "logprobs" -> mergeMember(whole, "logprobs", member.getValue());
        default -> update(whole, member.getKey(), member.getValue());
      }
    }
  }

  private void delta(ObjectNode whole, JsonNode delta) {
    if (whole.get("message") instanceof ObjectNode message) {
      merge(message, delta);
    } else {
      isOdd = true;
    }
  }

  private void text(ObjectNode whole, JsonNode text) {
    if (of == Of.TEXT) {
      mergeMember(whole, CompletionsCodec.TEXT, text);
    } else {
      update(whole, CompletionsCodec.TEXT, text);
    }
  }

  /** Takes what a server adds to a choice: no piece of a text, but what is so by now. */
  private static void update(ObjectNode whole, String name, JsonNode now) {
    JsonNode present = whole.get(name);
    if (now instanceof ObjectNode object && present instanceof ObjectNode into) {
      for (Map.Entry<String, JsonNode> member : object.properties()) {
        update(into, member.getKey(), member.getValue());
      }
    } else if (!now.isNull() || present == null) {
      whole.set(name, now.deepCopy());
    }
  }

  private ObjectNode newChoice(int index) {
    ObjectNode choice = Json.object();
    choice.put("index", index);
    if (of == Of.CHAT) {
      choice.putObject("message");
    } else {
      choice.put(CompletionsCodec.TEXT, "");
    }
    choice.putNull("logprobs");
    choice.putNull("finish_reason");
    return choice;
  }

  private static void merge(ObjectNode whole, JsonNode delta) {
    for (Map.Entry<String, JsonNode> member : delta.properties()) {
      mergeMember(whole, member.getKey(), member.getValue());
    }
  }

  private static void mergeMember(ObjectNode whole, String name, JsonNode more) {
    JsonNode present = whole.get(name);
    if (more instanceof ArrayNode list && name.equals(TOOL_CALLS)) {
      whole.set(name, mergedCalls(present instanceof ArrayNode into ? into : null, list));
    } else if (name.equals("content")
        && present != null
        && (present.isArray() || (more.isArray() && present.isTextual()))) {
      whole.set(name, ContentParts.joined(present, more));
    } else if (present == null || present.isNull()) {
      whole.set(name, more instanceof ArrayNode list ? merged(null, list) : more.deepCopy());
    } else if (more.isTextual() && present.isTextual()) {
      if (!NAMES.contains(name) || present.textValue().isEmpty()) {
        whole.set(name, TextNode.valueOf(present.textValue() + more.textValue()));
      }
    } else if (more instanceof ObjectNode object && present instanceof ObjectNode into) {
      merge(into, object);
    } else if (more instanceof ArrayNode list && present instanceof ArrayNode into) {
      whole.set(name, merged(into, list));
    } else if (!more.isNull()) {
      whole.set(name, more);
    }
  }

  /** Puts the pieces of tool calls together; some servers give all calls one index, or none. */
  private static ArrayNode mergedCalls(@Nullable ArrayNode present, ArrayNode more) {
    ArrayNode all = present == null ? Json.object().putArray(TOOL_CALLS) : present;
    for (JsonNode piece : more) {
      ObjectNode begun = begun(all, piece);
      if (begun == null) {
        all.add(piece.deepCopy());
      } else {
        merge(begun, piece);
      }
    }
    return all;
  }

  /** Returns the call that {@code piece} goes on with; null where it begins one. */
  private static @Nullable ObjectNode begun(ArrayNode calls, JsonNode piece) {
    String id = piece.path("id").asText("");
    boolean isPlaced = piece.hasNonNull("index");
    for (int i = calls.size() - 1; i >= 0; i--) {
      if (calls.get(i) instanceof ObjectNode call) {
        String its = call.path("id").asText("");
        boolean isSamePlace = !isPlaced || piece.get("index").equals(call.get("index"));
        if (isSamePlace && (id.isEmpty() || its.isEmpty() || id.equals(its))) {
          return id.isEmpty() && isWholeAfter(call, piece) ? null : call;
        }
      }
    }
    return null;
  }

  /** Returns whether {@code piece}, which has no identifier, is a call behind a complete one. */
  private static boolean isWholeAfter(JsonNode call, JsonNode piece) {
    JsonNode function = piece.path("function");
    return !function.path("name").asText("").isEmpty()
        && !function.path("arguments").asText("").isEmpty()
        && Json.readObject(call.path("function").path("arguments").asText("")).isPresent();
  }

  private static ArrayNode merged(@Nullable ArrayNode present, ArrayNode more) {
    ArrayNode all = present == null ? Json.object().putArray("list") : present;
    for (JsonNode element : more) {
      ObjectNode known = find(all, element.path("index"));
      if (known == null) {
        all.add(element.deepCopy());
      } else {
        merge(known, element);
      }
    }
    return all;
  }

  private static @Nullable ObjectNode find(ArrayNode elements, JsonNode index) {
    if (index.isInt()) {
      for (JsonNode element : elements) {
        if (element instanceof ObjectNode object && index.equals(element.get("index"))) {
          return object;
        }
      }
    }
    return null;
  }

  @Override
  public Optional<Answer> answer() {
    if (choices.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode completion = Json.object();
    JsonNode model = common.remove("model");
    if (model != null) {
      completion.set("model", model);
    }
    ArrayNode all = completion.putArray("choices");
    for (ObjectNode choice : choices.values()) {
      if (choice.get("message") instanceof ObjectNode message) {
        finish(message);
      }
      all.add(choice);
    }
    completion.setAll(common);
    if (of == Of.TEXT) {
      Completion end =
          isDone && !isOdd ? CompletionsCodec.completion(completion) : Completion.OTHER;
      return Optional.of(CompletionsCodec.encode(completion, end));
    }
    Completion end = isDone && !isOdd ? ChatCodec.completion(completion) : Completion.OTHER;
    return Optional.of(ChatCodec.encode(completion, end));
  }

  /** Gives a message the shape that it has where it is not streamed. */
  private static void finish(ObjectNode message) {
    if (message.path("role").asText("").isEmpty()) {
      message.put("role", "assistant");
    }
    JsonNode calls = message.get(TOOL_CALLS);
    if (calls != null) {
      for (JsonNode call : calls) {
        if (call instanceof ObjectNode object) {
          object.remove("index");
        }
      }
      if (message.path("content").asText("").isEmpty()) {
        message.putNull("content");
      }
    }
    if (!message.has("content")) {
      message.putNull("content");
    }
  }
}
