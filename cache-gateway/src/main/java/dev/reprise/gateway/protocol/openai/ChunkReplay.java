package dev.reprise.gateway.protocol.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.protocol.Identity;
import dev.reprise.gateway.protocol.StreamChunk;
import dev.reprise.gateway.protocol.StreamRequest.Usage;
import dev.reprise.integration.internal.TextChunks;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives a whole completion as the chunks of a stream: the role, the texts word by word, whole tool
 * calls, the reason of the end, usage where it is wanted.
 */
final class ChunkReplay {
  private final ObjectNode completion;
  private final Identity identity;
  private final Usage usage;
  private final StringBuilder events = new StringBuilder();

  private ChunkReplay(ObjectNode completion, Identity identity, Usage usage) {
    this.completion = completion;
    this.identity = identity;
    this.usage = usage;
  }

  /** Returns the events of {@code completion}, the last one included. */
  static String events(ObjectNode completion, Identity identity, Usage usage) {
    ChunkReplay replay = new ChunkReplay(completion, identity, usage);
    for (JsonNode choice : completion.path("choices")) {
      replay.choice(choice);
    }
    replay.usage();
    return replay.events.append(StreamChunk.event(StreamChunk.DONE)).toString();
  }

  private void choice(JsonNode choice) {
    JsonNode message = choice.path("message");
    JsonNode content = message.path("content");
    ObjectNode role = Json.object();
    role.put("role", message.path("role").asText("assistant"));
    if (content.isTextual()) {
      role.put("content", "");
    } else {
      role.putNull("content");
    }
    if (message.path("refusal").isNull()) {
      role.putNull("refusal");
    }
    delta(choice, role);
    for (Map.Entry<String, JsonNode> member : message.properties()) {
      switch (member.getKey()) {
        case "role", "content", "tool_calls" -> {}
        default -> other(choice, member.getKey(), member.getValue());
      }
    }
    if (content.isTextual()) {
      content(choice, content.textValue());
    } else if (content.isArray()) {
      for (JsonNode part : content) {
        ObjectNode delta = Json.object();
        delta.putArray("content").add(part);
        delta(choice, delta);
      }
    }
    int index = 0;
    for (JsonNode call : message.path("tool_calls")) {
      toolCall(choice, call, index++);
    }
    ObjectNode end = chunk(choice, Json.object(), choice.path("finish_reason"));
    ObjectNode part = (ObjectNode) end.path("choices").path(0);
    for (Map.Entry<String, JsonNode> member : choice.properties()) {
      switch (member.getKey()) {
        case "index", "message", "logprobs", "finish_reason" -> {}
        // What servers add: stop_reason, content_filter_results and the like.
        default -> part.set(member.getKey(), member.getValue());
      }
    }
    emit(end);
  }

  private void other(JsonNode choice, String name, JsonNode value) {
    if (value.isTextual()) {
      for (String chunk : TextChunks.of(value.textValue())) {
        delta(choice, Json.object().put(name, chunk));
      }
    } else if (!value.isNull()) {
      ObjectNode delta = Json.object();
      delta.set(name, value);
      delta(choice, delta);
    }
  }

  /** Gives the content by its tokens where their probabilities were kept, else by words. */
  private void content(JsonNode choice, String content) {
    JsonNode tokens = choice.path("logprobs").path("content");
    if (tokens.isArray() && !tokens.isEmpty()) {
      boolean isWhole = content.equals(joined(tokens));
      for (JsonNode token : isWhole ? tokens : List.<JsonNode>of()) {
        withProbabilities(choice, token.path("token").asText(), List.of(token));
      }
      if (!isWhole) {
        withProbabilities(choice, content, tokens);
      }
      return;
    }
    for (String chunk : TextChunks.of(content)) {
      delta(choice, Json.object().put("content", chunk));
    }
  }

  /** Returns the text that {@code tokens} are together. */
  static String joined(JsonNode tokens) {
    StringBuilder text = new StringBuilder();
    for (JsonNode token : tokens) {
      text.append(token.path("token").asText());
    }
    return text.toString();
  }

  private void withProbabilities(JsonNode choice, String text, Iterable<JsonNode> tokens) {
    ObjectNode chunk = chunk(choice, Json.object().put("content", text), null);
    ObjectNode logprobs = Json.object();
    ArrayNode list = logprobs.putArray("content");
    tokens.forEach(list::add);
    logprobs.putNull("refusal");
    ((ObjectNode) chunk.path("choices").path(0)).set("logprobs", logprobs);
    emit(chunk);
  }

  private void toolCall(JsonNode choice, JsonNode call, int index) {
    ObjectNode first = Json.object().put("index", index);
    if (call instanceof ObjectNode given) {
      first.setAll(given.deepCopy());
    }
    JsonNode arguments = first.path("function").path("arguments");
    if (arguments.isTextual()) {
      ((ObjectNode) first.path("function")).put("arguments", "");
    }
    toolCallDelta(choice, first);
    for (String chunk : TextChunks.of(arguments.asText(""))) {
      ObjectNode more = Json.object().put("index", index);
      more.putObject("function").put("arguments", chunk);
      toolCallDelta(choice, more);
    }
  }

  private void toolCallDelta(JsonNode choice, ObjectNode call) {
    ObjectNode delta = Json.object();
    delta.putArray("tool_calls").add(call);
    delta(choice, delta);
  }

  private void delta(JsonNode choice, ObjectNode delta) {
    emit(chunk(choice, delta, null));
  }

  private ObjectNode chunk(JsonNode choice, ObjectNode delta, @Nullable JsonNode finish) {
    ObjectNode chunk = head();
    ObjectNode part = chunk.putArray("choices").addObject();
    part.put("index", choice.path("index").asInt(0));
    part.set("delta", delta);
    part.putNull("logprobs");
    if (finish == null || finish.isMissingNode()) {
      part.putNull("finish_reason");
    } else {
      part.set("finish_reason", finish);
    }
    if (usage == Usage.WANTED) {
      chunk.putNull("usage");
    }
    return chunk;
  }

  private ObjectNode head() {
    ObjectNode chunk = Json.object();
    chunk.put("id", identity.id());
    chunk.put("object", "chat.completion.chunk");
    chunk.put("created", identity.created());
    for (Map.Entry<String, JsonNode> member : completion.properties()) {
      switch (member.getKey()) {
        case "id", "object", "created", "choices", "usage" -> {}
        default -> chunk.set(member.getKey(), member.getValue());
      }
    }
    return chunk;
  }

  private void usage() {
    JsonNode cost = completion.get("usage");
    if (usage == Usage.WANTED && cost != null) {
      ObjectNode last = head();
      last.putArray("choices");
      last.set("usage", cost);
      emit(last);
    }
  }

  private void emit(ObjectNode chunk) {
    events.append(StreamChunk.event(Json.line(chunk)));
  }
}
