package dev.reprise.gateway.protocol.openai;

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
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the answer in the events of a response's stream: the last one has it as a whole. A server
 * that leaves the output out there is helped by the items that it has ended before. Not
 * thread-safe.
 */
final class ResponsesCollector implements Protocol.Collector {
  private final Map<Integer, JsonNode> items = new TreeMap<>();
  private @Nullable ObjectNode response;
  private boolean isDone;
  private boolean isOdd;

  @Override
  public StreamChunk take(EventReader.Event event) {
    String data = event.data();
    if (data != null && !data.isBlank() && !data.strip().equals(StreamChunk.DONE) && !isDone) {
      Json.readObject(data).ifPresentOrElse(said -> add(event.name(), said), () -> isOdd = true);
    }
    return StreamChunk.same(event.raw());
  }

  @Override
  public boolean isEnded() {
    // Some servers send [DONE] behind the last event.
    return false;
  }

  private void add(String name, ObjectNode event) {
    switch (event.path(ResponsesCodec.TYPE).asText(name)) {
      case "response.created", "response.queued", "response.in_progress" -> lifecycle(event);
      case "response.completed", "response.incomplete", "response.failed" -> {
        lifecycle(event);
        isDone = true;
      }
      case "response.output_item.done" ->
          items.put(event.path("output_index").asInt(items.size()), event.path("item"));
      case "", "error" -> isOdd = true;
      default -> {}
    }
  }

  private void lifecycle(ObjectNode event) {
    if (event.get("response") instanceof ObjectNode given) {
      response = given;
    } else {
      isOdd = true;
    }
  }

  @Override
  public Optional<Answer> answer() {
    ObjectNode last = response;
    if (last == null) {
      return Optional.empty();
    }
    if (last.path(ResponsesCodec.OUTPUT).isEmpty()) {
      ArrayNode output = last.putArray(ResponsesCodec.OUTPUT);
      items.values().forEach(output::add);
    }
    Completion end = isDone && !isOdd ? ResponsesCodec.completion(last) : Completion.OTHER;
    return Optional.of(ResponsesCodec.encode(last, end));
  }
}
