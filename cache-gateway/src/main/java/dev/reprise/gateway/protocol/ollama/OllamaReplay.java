package dev.reprise.gateway.protocol.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.integration.internal.TextChunks;
import java.util.List;
import java.util.Map;

/** Gives a whole reply as the lines of Ollama's stream: thinking, texts, calls, and the end. */
final class OllamaReplay {
  private static final List<String> OF_EVERY_LINE = List.of("model", OllamaCodec.CREATED_AT);

  private final ObjectNode reply;
  private final OllamaCodec.Call call;
  private final StringBuilder lines = new StringBuilder();

  private OllamaReplay(ObjectNode reply, OllamaCodec.Call call) {
    this.reply = reply;
    this.call = call;
  }

  /** Returns the lines of {@code reply}, the last one included. */
  static String lines(ObjectNode reply, OllamaCodec.Call call) {
    OllamaReplay replay = new OllamaReplay(reply, call);
    switch (call) {
      case CHAT -> replay.chat();
      case GENERATE -> replay.generate();
    }
    return replay.lines.toString();
  }

  private void chat() {
    JsonNode message = reply.path(OllamaCodec.MESSAGE);
    for (String chunk : chunks(message, OllamaCodec.THINKING)) {
      message("").put(OllamaCodec.THINKING, chunk);
      emit();
    }
    for (String chunk : chunks(message, OllamaCodec.CONTENT)) {
      message(chunk);
      emit();
    }
    for (String list : List.of(OllamaCodec.TOOL_CALLS, "images")) {
      for (JsonNode element : message.path(list)) {
        message("").putArray(list).add(element);
        emit();
      }
    }
    ObjectNode last = message("");
    for (Map.Entry<String, JsonNode> member : message.properties()) {
      switch (member.getKey()) {
        case OllamaCodec.CONTENT, OllamaCodec.THINKING, OllamaCodec.TOOL_CALLS, "images" -> {}
        default -> last.set(member.getKey(), member.getValue());
      }
    }
    end(OllamaCodec.MESSAGE);
  }

  private void generate() {
    for (String chunk : chunks(reply, OllamaCodec.THINKING)) {
      line().put(OllamaCodec.RESPONSE, "").put(OllamaCodec.THINKING, chunk);
      emit();
    }
    for (String chunk : chunks(reply, OllamaCodec.RESPONSE)) {
      line().put(OllamaCodec.RESPONSE, chunk);
      emit();
    }
    line().put(OllamaCodec.RESPONSE, "");
    end(OllamaCodec.RESPONSE);
  }

  private static List<String> chunks(JsonNode from, String name) {
    return TextChunks.of(from.path(name).asText(""));
  }

  private ObjectNode current = Json.object();

  /** Begins a line that is not the last. */
  private ObjectNode line() {
    current = Json.object();
    for (String name : OF_EVERY_LINE) {
      if (reply.has(name)) {
        current.set(name, reply.get(name));
      }
    }
    return current;
  }

  private ObjectNode message(String content) {
    ObjectNode message = line().putObject(OllamaCodec.MESSAGE);
    JsonNode role = reply.path(OllamaCodec.MESSAGE).path("role");
    if (!role.isMissingNode()) {
      message.set("role", role);
    }
    return message.put(OllamaCodec.CONTENT, content);
  }

  private void emit() {
    current.put(OllamaCodec.DONE, false);
    lines.append(Json.line(current)).append('\n');
  }

  /** Ends with everything else that the reply has. */
  private void end(String said) {
    for (Map.Entry<String, JsonNode> member : reply.properties()) {
      boolean isSaid =
          member.getKey().equals(said)
              || (call == OllamaCodec.Call.GENERATE
                  && member.getKey().equals(OllamaCodec.THINKING));
      if (!isSaid) {
        current.set(member.getKey(), member.getValue());
      }
    }
    lines.append(Json.line(current)).append('\n');
  }
}
