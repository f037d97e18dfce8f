package dev.reprise.gateway.protocol.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.StreamChunk;
import dev.reprise.integration.internal.TextChunks;

/** Gives a whole message as the events of Anthropic's stream, in the provider's order. */
final class MessagesReplay {
  private final StringBuilder events = new StringBuilder();

  private MessagesReplay() {}

  /** Returns the events of {@code message}, the last one included. */
  static String events(ObjectNode message) {
    MessagesReplay replay = new MessagesReplay();
    ObjectNode begun = message.deepCopy();
    begun.putArray(MessagesCodec.CONTENT);
    begun.putNull(MessagesCodec.STOP_REASON);
    begun.putNull("stop_sequence");
    replay.emit(event("message_start").set("message", begun));
    int index = 0;
    for (JsonNode block : message.path(MessagesCodec.CONTENT)) {
      replay.block(index++, (ObjectNode) block);
    }
    ObjectNode end = event("message_delta");
    ObjectNode delta = end.putObject("delta");
    delta.set(MessagesCodec.STOP_REASON, message.path(MessagesCodec.STOP_REASON));
    if (message.has("stop_sequence")) {
      delta.set("stop_sequence", message.get("stop_sequence"));
    }
    if (message.has("usage")) {
      end.set("usage", message.get("usage"));
    }
    replay.emit(end);
    replay.emit(event("message_stop"));
    return replay.events.toString();
  }

  private void block(int index, ObjectNode block) {
    ObjectNode begun = block.deepCopy();
    switch (block.path(MessagesCodec.TYPE).asText("")) {
      case "text" -> {
        begun.put("text", "");
        boolean isCited = block.path("citations").isArray();
        if (isCited) {
          begun.putArray("citations");
        }
        start(index, begun);
        chunks(index, "text_delta", "text", block.path("text").asText(""));
        for (JsonNode citation : isCited ? block.path("citations") : Json.object()) {
          delta(index, "citations_delta", "citation", citation);
        }
      }
      case "thinking" -> {
        begun.put("thinking", "");
        begun.put("signature", "");
        start(index, begun);
        chunks(index, "thinking_delta", "thinking", block.path("thinking").asText(""));
        if (block.path("signature").isTextual()) {
          delta(index, "signature_delta", "signature", block.path("signature"));
        }
      }
      case "tool_use" -> {
        begun.putObject("input");
        start(index, begun);
        chunks(index, "input_json_delta", "partial_json", Json.text(block.path("input")));
      }
      default -> start(index, begun);
    }
    emit(event("content_block_stop").put("index", index));
  }

  private void start(int index, ObjectNode begun) {
    emit(event("content_block_start").put("index", index).set("content_block", begun));
  }

  private void chunks(int index, String type, String name, String text) {
    for (String chunk : TextChunks.of(text)) {
      delta(index, type, name, Json.object().textNode(chunk));
    }
  }

  private void delta(int index, String type, String name, JsonNode value) {
    ObjectNode event = event("content_block_delta").put("index", index);
    event.putObject("delta").put(MessagesCodec.TYPE, type).set(name, value);
    emit(event);
  }

  private static ObjectNode event(String type) {
    return Json.object().put(MessagesCodec.TYPE, type);
  }

  private void emit(JsonNode event) {
    events.append(StreamChunk.event(event.path(MessagesCodec.TYPE).textValue(), Json.line(event)));
  }
}
