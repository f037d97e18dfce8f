package dev.reprise.gateway.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.StreamChunk;
import dev.reprise.integration.internal.TextChunks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Gives a whole reply as the events of Gemini's stream: the texts word by word, other parts whole;
 * the last event of a candidate says why it ended, and that of all what it cost.
 */
final class GeminiReplay {
  private GeminiReplay() {}

  /** Returns the events of {@code reply}, the last one included. */
  static String events(ObjectNode reply) {
    List<ObjectNode> chunks = new ArrayList<>();
    for (JsonNode candidate : reply.path(GeminiCodec.CANDIDATES)) {
      candidate(reply, candidate, chunks);
    }
    if (chunks.isEmpty()) {
      chunks.add(head(reply));
    }
    ObjectNode last = chunks.get(chunks.size() - 1);
    reply.properties().forEach(member -> last.set(member.getKey(), latest(member, last)));
    StringBuilder events = new StringBuilder();
    chunks.forEach(chunk -> events.append(StreamChunk.event(Json.line(chunk))));
    return events.toString();
  }

  /** The last event has all that the reply has, but of its candidates only the last piece. */
  private static JsonNode latest(Map.Entry<String, JsonNode> member, ObjectNode last) {
    return member.getKey().equals(GeminiCodec.CANDIDATES)
        ? last.path(GeminiCodec.CANDIDATES)
        : member.getValue();
  }

  private static void candidate(ObjectNode reply, JsonNode candidate, List<ObjectNode> chunks) {
    List<ObjectNode> parts = new ArrayList<>();
    for (JsonNode part : candidate.path(GeminiCodec.CONTENT).path(GeminiCodec.PARTS)) {
      parts(part, parts);
    }
    for (int i = 0; i < Math.max(1, parts.size()); i++) {
      ObjectNode chunk = head(reply);
      ObjectNode piece = Json.object();
      if (candidate.path(GeminiCodec.CONTENT) instanceof ObjectNode content) {
        ObjectNode said = content.deepCopy();
        if (i < parts.size()) {
          said.putArray(GeminiCodec.PARTS).add(parts.get(i));
        }
        piece.set(GeminiCodec.CONTENT, said);
      }
      if (i >= parts.size() - 1) {
        for (Map.Entry<String, JsonNode> member : candidate.properties()) {
          if (!member.getKey().equals(GeminiCodec.CONTENT)) {
            piece.set(member.getKey(), member.getValue());
          }
        }
      } else if (candidate.has("index")) {
        piece.set("index", candidate.get("index"));
      }
      chunk.putArray(GeminiCodec.CANDIDATES).add(piece);
      chunks.add(chunk);
    }
  }

  private static void parts(JsonNode part, List<ObjectNode> parts) {
    if (!GeminiCollector.isPlainText(part)) {
      parts.add((ObjectNode) part);
      return;
    }
    for (String text : TextChunks.of(part.path(GeminiCodec.TEXT).textValue())) {
      parts.add(((ObjectNode) part.deepCopy()).put(GeminiCodec.TEXT, text));
    }
  }

  /** Returns an event without candidates, with what every event says. */
  private static ObjectNode head(ObjectNode reply) {
    ObjectNode chunk = Json.object();
    for (String name : List.of("modelVersion", "responseId")) {
      if (reply.has(name)) {
        chunk.set(name, reply.get(name));
      }
    }
    return chunk;
  }
}
