package dev.reprise.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reprise.gateway.http.Json;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a client sees of an answer, whole or streamed: each field by its path. The pieces of a text
 * are put together, so that a stream may be cut in other places. What is of one call is left out.
 */
final class ShownAnswer {
  /** The temperature: the Responses API repeats it, and the gateway sets it. */
  private static final Set<String> OF_ONE_CALL =
      Set.of(
          "id",
          "created",
          "created_at",
          "completed_at",
          "responseId",
          "item_id",
          "response_id",
          "sequence_number",
          "temperature");

  /** Texts that come in pieces, by the end of their path. */
  private static final Set<String> IN_PIECES =
      Set.of(
          "/delta",
          "/content",
          "/arguments",
          "/text",
          "/thinking",
          "/partial_json",
          "/response",
          "/reasoning_content");

  private final boolean isStream;
  private final Map<String, StringBuilder> texts = new TreeMap<>();
  private final Map<String, Set<String>> values = new TreeMap<>();

  private ShownAnswer(boolean isStream) {
    this.isStream = isStream;
  }

  /** Returns what the body of an answer of this type shows, by path. */
  static Map<String, String> of(String type, String body) throws IOException {
    ShownAnswer shown = new ShownAnswer(!type.startsWith("application/json"));
    if (!shown.isStream) {
      shown.add("", Json.read(body));
    }
    for (String line : shown.isStream ? body.split("\r?\n", -1) : new String[0]) {
      String data = line.startsWith("data:") ? line.substring("data:".length()).strip() : line;
      if (data.startsWith("{")) {
        JsonNode event = Json.read(data);
        shown.add(event.path("type").asText(""), event);
      } else if (!data.isBlank() && !data.startsWith("event:")) {
        shown.values.computeIfAbsent("data", unused -> new TreeSet<>()).add(data);
      }
    }
    Map<String, String> all = new TreeMap<>();
    shown.texts.forEach((path, text) -> all.put(path, text.toString()));
    shown.values.forEach((path, found) -> all.put(path, String.join(" | ", found)));
    return all;
  }

  private void add(String path, JsonNode node) {
    if (node.isContainerNode()) {
      node.properties()
          .forEach(
              member -> {
                if (!OF_ONE_CALL.contains(member.getKey())) {
                  add(path + "/" + member.getKey(), member.getValue());
                }
              });
      for (int i = 0; node.isArray() && i < node.size(); i++) {
        add(path + "/" + i, node.get(i));
      }
      if (node.isEmpty()) {
        values.computeIfAbsent(path, unused -> new TreeSet<>()).add(node.toString());
      }
    } else if (isStream && node.isTextual() && IN_PIECES.stream().anyMatch(path::endsWith)) {
      texts.computeIfAbsent(path, unused -> new StringBuilder()).append(node.textValue());
    } else {
      values.computeIfAbsent(path, unused -> new TreeSet<>()).add(node.toString());
    }
  }
}
