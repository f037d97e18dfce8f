package dev.reprise.gateway.protocol.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.StreamChunk;
import dev.reprise.integration.internal.TextChunks;
import java.util.List;

/**
 * Gives a whole response as the events of a stream, in the provider's order: the response begins;
 * each item begins, comes chunk by chunk and ends; the response ends.
 */
final class ResponsesReplay {
  private static final String IN_PROGRESS = "in_progress";
  private static final String DELTA = "delta";
  private static final String TEXT = "text";
  private static final String ITEM_ID = "item_id";
  private static final String CONTENT_INDEX = "content_index";
  private static final String SUMMARY_INDEX = "summary_index";
  private static final String LOGPROBS = "logprobs";

  private final ObjectNode response;
  private final StringBuilder events = new StringBuilder();
  private int sequenceNumber;

  private ResponsesReplay(ObjectNode response) {
    this.response = response;
  }

  /** Returns the events of {@code response}, the last one included. */
  static String events(ObjectNode response) {
    ResponsesReplay replay = new ResponsesReplay(response);
    replay.begin();
    int index = 0;
    for (JsonNode item : response.path(ResponsesCodec.OUTPUT)) {
      replay.new Item(index, (ObjectNode) item).give();
      index++;
    }
    replay.end();
    return replay.events.toString();
  }

  private void begin() {
    ObjectNode begun = response.deepCopy();
    begun.put(ResponsesCodec.STATUS, IN_PROGRESS);
    begun.putArray(ResponsesCodec.OUTPUT);
    for (String later : List.of("usage", "completed_at", "error", "incomplete_details")) {
      if (begun.has(later)) {
        begun.putNull(later);
      }
    }
    for (String type : List.of("response.created", "response.in_progress")) {
      emit(event(type).set("response", begun));
    }
  }

  private void end() {
    String type =
        switch (response.path(ResponsesCodec.STATUS).asText("")) {
          case "incomplete" -> "response.incomplete";
          case "failed" -> "response.failed";
          default -> "response.completed";
        };
    emit(event(type).set("response", response));
  }

  private ObjectNode event(String type) {
    return Json.object().put(ResponsesCodec.TYPE, type).put("sequence_number", sequenceNumber++);
  }

  private void emit(JsonNode event) {
    events.append(StreamChunk.event(event.path(ResponsesCodec.TYPE).textValue(), Json.line(event)));
  }

  /** Gives one item. */
  private final class Item {
    private final int index;
    private final ObjectNode item;

    Item(int index, ObjectNode item) {
      this.index = index;
      this.item = item;
    }

    void give() {
      ObjectNode begun = item.deepCopy();
      if (begun.has(ResponsesCodec.STATUS)) {
        begun.put(ResponsesCodec.STATUS, IN_PROGRESS);
      }
      String type = item.path(ResponsesCodec.TYPE).asText("");
      switch (type) {
        case "message" -> begun.putArray(ResponsesCodec.CONTENT);
        case "function_call" -> begun.put("arguments", "");
        case "custom_tool_call" -> begun.put("input", "");
        case "reasoning" -> {
          begun.putArray("summary");
          if (begun.path(ResponsesCodec.CONTENT).isArray()) {
            begun.putArray(ResponsesCodec.CONTENT);
          }
        }
        default -> {}
      }
      emit(placed("response.output_item.added").set("item", begun));
      switch (type) {
        case "message" -> contents();
        case "function_call" -> whole("response.function_call_arguments", "arguments");
        case "custom_tool_call" -> whole("response.custom_tool_call_input", "input");
        case "reasoning" -> {
          summaries();
          contents();
        }
        default -> {}
      }
      emit(placed("response.output_item.done").set("item", item));
    }

    private ObjectNode placed(String type) {
      return event(type).put("output_index", index);
    }

    private ObjectNode within(String type) {
      ObjectNode event = event(type);
      if (item.path("id").isTextual()) {
        event.set(ITEM_ID, item.get("id"));
      } else {
        event.put(ITEM_ID, "");
      }
      return event.put("output_index", index);
    }

    /** Gives what a tool is called with. */
    private void whole(String type, String name) {
      String text = item.path(name).asText("");
      for (String chunk : TextChunks.of(text)) {
        emit(within(type + ".delta").put(DELTA, chunk));
      }
      emit(within(type + ".done").put(name, text));
    }

    private void summaries() {
      int number = 0;
      for (JsonNode part : item.path("summary")) {
        String text = part.path(TEXT).asText("");
        emit(summary("response.reasoning_summary_part.added", number).set("part", emptied(part)));
        for (String chunk : TextChunks.of(text)) {
          emit(summary("response.reasoning_summary_text.delta", number).put(DELTA, chunk));
        }
        emit(summary("response.reasoning_summary_text.done", number).put(TEXT, text));
        emit(summary("response.reasoning_summary_part.done", number).set("part", part));
        number++;
      }
    }

    private ObjectNode summary(String type, int number) {
      return within(type).put(SUMMARY_INDEX, number);
    }

    private void contents() {
      int number = 0;
      for (JsonNode part : item.path(ResponsesCodec.CONTENT)) {
        emit(content("response.content_part.added", number).set("part", emptied(part)));
        switch (part.path(ResponsesCodec.TYPE).asText("")) {
          case "output_text" -> text(part, number);
          case "refusal" -> plain(part, number, "response.refusal", "refusal");
          case "reasoning_text" -> plain(part, number, "response.reasoning_text", TEXT);
          default -> {}
        }
        emit(content("response.content_part.done", number).set("part", part));
        number++;
      }
    }

    private ObjectNode content(String type, int number) {
      return within(type).put(CONTENT_INDEX, number);
    }

    private void plain(JsonNode part, int number, String type, String name) {
      String text = part.path(name).asText("");
      for (String chunk : TextChunks.of(text)) {
        emit(content(type + ".delta", number).put(DELTA, chunk));
      }
      emit(content(type + ".done", number).put(name, text));
    }

    /** Gives a text by its tokens where their probabilities were kept, else by words. */
    private void text(JsonNode part, int number) {
      String text = part.path(TEXT).asText("");
      JsonNode tokens = part.path(LOGPROBS);
      if (!tokens.isEmpty() && ChunkReplay.joined(tokens).equals(text)) {
        for (JsonNode token : tokens) {
          delta(number, token.path("token").asText(""), List.of(token));
        }
      } else {
        for (String chunk : TextChunks.of(text)) {
          delta(number, chunk, List.of());
        }
      }
      int annotation = 0;
      for (JsonNode found : part.path("annotations")) {
        ObjectNode event = content("response.output_text.annotation.added", number);
        event.put("annotation_index", annotation++);
        emit(event.set("annotation", found));
      }
      ObjectNode done = content("response.output_text.done", number).put(TEXT, text);
      emit(done.set(LOGPROBS, tokens.isArray() ? tokens : Json.object().arrayNode()));
    }

    private void delta(int number, String chunk, List<JsonNode> tokens) {
      ObjectNode event = content("response.output_text.delta", number).put(DELTA, chunk);
      ArrayNode probabilities = event.putArray(LOGPROBS);
      tokens.forEach(probabilities::add);
      emit(event);
    }

    /** Returns {@code part} as it begins. */
    private static JsonNode emptied(JsonNode part) {
      ObjectNode begun = part.deepCopy();
      for (String name : List.of(TEXT, "refusal")) {
        if (begun.has(name)) {
          begun.put(name, "");
        }
      }
      for (String list : List.of("annotations", LOGPROBS)) {
        if (begun.path(list).isArray()) {
          begun.putArray(list);
        }
      }
      return begun;
    }
  }
}
