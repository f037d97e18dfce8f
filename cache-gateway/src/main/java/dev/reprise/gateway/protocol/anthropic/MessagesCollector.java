package dev.reprise.gateway.protocol.anthropic;

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

/** Puts the events of Anthropic's stream together to the message that they are. Not thread-safe. */
final class MessagesCollector implements Protocol.Collector {
  private final Map<Integer, ObjectNode> blocks = new TreeMap<>();
  private final Map<Integer, StringBuilder> inputs = new TreeMap<>();
  private @Nullable ObjectNode message;
  private boolean isDone;
  private boolean isOdd;

  @Override
  public StreamChunk take(EventReader.Event event) {
    String data = event.data();
    if (data != null && !data.isBlank() && !isDone) {
      Json.readObject(data).ifPresentOrElse(this::add, () -> isOdd = true);
    }
    return StreamChunk.same(event.raw());
  }

  @Override
  public boolean isEnded() {
    return isDone;
  }

  private void add(ObjectNode event) {
    int index = event.path("index").asInt(0);
    switch (event.path(MessagesCodec.TYPE).asText("")) {
      case "message_start" -> {
        if (event.get("message") instanceof ObjectNode begun) {
          message = begun.deepCopy();
        } else {
          isOdd = true;
        }
      }
      case "content_block_start" -> {
        if (event.get("content_block") instanceof ObjectNode begun) {
          blocks.put(index, begun.deepCopy());
        } else {
          isOdd = true;
        }
      }
      case "content_block_delta" -> delta(index, event.path("delta"));
      case "message_delta" -> end(event);
      case "message_stop" -> isDone = true;
      case "content_block_stop", "ping" -> {}
      default -> isOdd = true;
    }
  }

  private void delta(int index, JsonNode delta) {
    ObjectNode block = blocks.get(index);
    if (block == null) {
      isOdd = true;
      return;
    }
    switch (delta.path(MessagesCodec.TYPE).asText("")) {
      case "text_delta" -> append(block, "text", delta);
      case "thinking_delta" -> append(block, "thinking", delta);
      case "signature_delta" -> append(block, "signature", delta);
      case "input_json_delta" ->
          inputs
              .computeIfAbsent(index, unused -> new StringBuilder())
              .append(delta.path("partial_json").asText(""));
      case "citations_delta" -> {
        JsonNode known = block.get("citations");
        ArrayNode all = known instanceof ArrayNode list ? list : block.putArray("citations");
        all.add(delta.path("citation"));
      }
      default -> isOdd = true;
    }
  }

  private static void append(ObjectNode block, String name, JsonNode delta) {
    block.put(name, block.path(name).asText("") + delta.path(name).asText(""));
  }

  private void end(ObjectNode event) {
    ObjectNode whole = message;
    if (whole == null) {
      isOdd = true;
      return;
    }
    for (Map.Entry<String, JsonNode> member : event.properties()) {
      switch (member.getKey()) {
        case "type" -> {}
        case "delta" -> member.getValue().properties().forEach(m -> set(whole, m));
        case "usage" -> {
          ObjectNode usage =
              whole.get("usage") instanceof ObjectNode known ? known : whole.putObject("usage");
          member.getValue().properties().forEach(m -> set(usage, m));
        }
        default -> set(whole, member);
      }
    }
  }

  private static void set(ObjectNode into, Map.Entry<String, JsonNode> member) {
    if (!member.getValue().isNull() || !into.has(member.getKey())) {
      into.set(member.getKey(), member.getValue());
    }
  }

  @Override
  public Optional<Answer> answer() {
    ObjectNode whole = message;
    if (whole == null) {
      return Optional.empty();
    }
    ArrayNode content = whole.putArray(MessagesCodec.CONTENT);
    blocks.forEach(
        (index, block) -> {
          StringBuilder input = inputs.get(index);
          if (input != null && !input.isEmpty()) {
            Json.readObject(input.toString())
                .ifPresentOrElse(read -> block.set("input", read), () -> isOdd = true);
          }
          content.add(block);
        });
    Completion end = isDone && !isOdd ? MessagesCodec.completion(whole) : Completion.OTHER;
    return Optional.of(MessagesCodec.encode(whole, end));
  }
}
