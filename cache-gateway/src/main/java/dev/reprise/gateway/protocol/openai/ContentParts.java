package dev.reprise.gateway.protocol.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.reprise.gateway.http.Json;
import java.util.Map;

/*
 * Mistral's models that reason answer with a list of parts, the reasoning and the text; streamed, first with pieces of the list and then
 * with plain texts.
 */
/** The content of an answer, which some servers give as a list of parts. Pure. */
final class ContentParts {
  private static final String TEXT = "text";
  private static final String TYPE = "type";

  private ContentParts() {}

  /** Returns what {@code content} says, without the reasoning. */
  static String text(JsonNode content) {
    if (!content.isArray()) {
      return content.isTextual() ? content.textValue() : "";
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      if (part.path(TYPE).asText(TEXT).equals(TEXT)) {
        text.append(part.path(TEXT).asText(""));
      }
    }
    return text.toString();
  }

  /** Returns {@code content} and what comes behind it. One of the two is a list. */
  static ArrayNode joined(JsonNode content, JsonNode more) {
    ArrayNode all = Json.object().arrayNode();
    add(all, content);
    add(all, more);
    return all;
  }

  private static void add(ArrayNode all, JsonNode content) {
    if (content.isTextual()) {
      if (!content.textValue().isEmpty()) {
        append(all, Json.object().put(TYPE, TEXT).put(TEXT, content.textValue()));
      }
    } else if (content.isArray()) {
      for (JsonNode part : content) {
        append(all, part.deepCopy());
      }
    }
  }

  /** Adds {@code part}, or puts it to the end of the last one where that goes on. */
  private static void append(ArrayNode all, JsonNode part) {
    if (!all.isEmpty()
        && all.get(all.size() - 1) instanceof ObjectNode last
        && part instanceof ObjectNode next
        && goesOn(last, next)) {
      for (Map.Entry<String, JsonNode> member : next.properties()) {
        JsonNode present = last.get(member.getKey());
        if (present instanceof ArrayNode list) {
          last.set(member.getKey(), joined(list, member.getValue()));
        } else if (!member.getKey().equals(TYPE)) {
          String text = present == null ? "" : present.textValue();
          last.set(member.getKey(), TextNode.valueOf(text + member.getValue().textValue()));
        }
      }
    } else {
      all.add(part);
    }
  }

  /** Returns whether two parts are of one type, and have nothing but texts or lists of parts. */
  private static boolean goesOn(ObjectNode last, ObjectNode next) {
    String type = last.path(TYPE).asText("");
    if (!type.equals(next.path(TYPE).asText(""))
        || !(type.equals(TEXT) || type.equals("thinking"))) {
      return false;
    }
    for (Map.Entry<String, JsonNode> member : next.properties()) {
      JsonNode present = last.get(member.getKey());
      boolean isAlike =
          (member.getValue().isTextual() && (present == null || present.isTextual()))
              || (member.getValue().isArray() && present != null && present.isArray());
      if (!isAlike) {
        return false;
      }
    }
    return true;
  }
}
