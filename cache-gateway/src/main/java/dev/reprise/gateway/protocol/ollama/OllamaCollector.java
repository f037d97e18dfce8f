package dev.reprise.gateway.protocol.ollama;

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

/** Puts the lines of Ollama's stream together to the reply that they are. Not thread-safe. */
final class OllamaCollector implements Protocol.Collector {
  /** The texts that come piece by piece. */
  private static final Set<String> TEXTS =
      Set.of(OllamaCodec.CONTENT, OllamaCodec.RESPONSE, OllamaCodec.THINKING);

  /** The lists that come piece by piece. */
  private static final Set<String> LISTS = Set.of(OllamaCodec.TOOL_CALLS, "images", "logprobs");

  private final OllamaCodec.Call call;
  private final ObjectNode reply = Json.object();
  private boolean isDone;
  private boolean isOdd;

  OllamaCollector(OllamaCodec.Call call) {
    this.call = call;
  }

  @Override
  public StreamChunk take(EventReader.Event event) {
    String line = event.data();
    if (line != null && !line.isBlank() && !isDone) {
      Json.readObject(line).ifPresentOrElse(this::add, () -> isOdd = true);
    }
    return StreamChunk.same(event.raw());
  }

  @Override
  public boolean isEnded() {
    return isDone;
  }

  private void add(ObjectNode line) {
    isOdd |= line.hasNonNull("error");
    merge(line, reply);
    isDone = line.path(OllamaCodec.DONE).asBoolean(false);
  }

  private static void merge(ObjectNode more, ObjectNode into) {
    for (Map.Entry<String, JsonNode> member : more.properties()) {
      String name = member.getKey();
      JsonNode value = member.getValue();
      if (TEXTS.contains(name) && value.isTextual()) {
        into.put(name, into.path(name).asText("") + value.textValue());
      } else if (LISTS.contains(name) && value instanceof ArrayNode list) {
        into.withArrayProperty(name).addAll(list);
      } else if (name.equals(OllamaCodec.MESSAGE) && value instanceof ObjectNode message) {
        merge(message, into.withObject("/" + name));
      } else if (!value.isNull()) {
        into.set(name, value);
      }
    }
  }

  @Override
  public Optional<Answer> answer() {
    if (reply.isEmpty()) {
      return Optional.empty();
    }
    Completion end = isDone && !isOdd ? OllamaCodec.completion(reply) : Completion.OTHER;
    return Optional.of(OllamaCodec.encode(reply, call, end));
  }
}
