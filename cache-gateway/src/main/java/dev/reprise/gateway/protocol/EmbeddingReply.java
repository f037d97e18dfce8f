package dev.reprise.gateway.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.http.UpstreamReply;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheException;
import dev.reprise.model.Completion;
import dev.reprise.model.TokenUsage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the upstream answered to several inputs.
 *
 * @param model the model's name, as the upstream says it
 * @param items the embeddings by the number of their input, without that number
 * @param promptTokens what the call cost
 * @param totalTokens what the call cost
 */
public record EmbeddingReply(
    String model, List<ObjectNode> items, long promptTokens, long totalTokens) {
  private static final String MODEL = "model";
  private static final String ITEM = "item";

  /** Returns what {@code reply} says; empty where it is not an embedding of each input. */
  public static Optional<EmbeddingReply> read(UpstreamReply reply, int inputs) {
    if (!reply.isSuccess()) {
      return Optional.empty();
    }
    JsonNode body;
    try {
      body = Json.read(reply.body());
    } catch (IOException e) {
      return Optional.empty();
    }
    ObjectNode[] items = new ObjectNode[inputs];
    int found = 0;
    for (JsonNode item : body.path("data")) {
      int index = item.path("index").asInt(-1);
      if (!(item instanceof ObjectNode object)
          || !isEmbedding(object)
          || index < 0
          || index >= inputs
          || items[index] != null) {
        return Optional.empty();
      }
      items[index] = object.deepCopy();
      items[index].remove("index");
      found++;
    }
    JsonNode usage = body.path("usage");
    return found == inputs
        ? Optional.of(
            new EmbeddingReply(
                body.path(MODEL).asText(""),
                List.of(items),
                usage.path("prompt_tokens").asLong(0),
                usage.path("total_tokens").asLong(0)))
        : Optional.empty();
  }

  private static boolean isEmbedding(JsonNode item) {
    JsonNode embedding = item.path("embedding");
    return (embedding.isArray() && !embedding.isEmpty())
        || (embedding.isTextual() && !embedding.textValue().isEmpty());
  }

  /** Returns the answer to the input of that number. */
  public Answer answer(int index) {
    ObjectNode payload = Json.object();
    payload.put(MODEL, model);
    payload.set(ITEM, items.get(index));
    TokenUsage usage =
        items.size() == 1
            ? new TokenUsage.Known(Math.max(0, promptTokens), 0)
            : new TokenUsage.Unknown();
    // An embedding says nothing to a reader; a text that is not blank tells that it is there.
    return new Answer("embedding", Json.text(payload), Completion.COMPLETE, usage, Set.of());
  }

  /**
   * Returns what {@link #answer} wrote down.
   *
   * @throws CacheException if it cannot be read
   */
  public static ObjectNode item(Answer answer) {
    try {
      if (Json.read(answer.payload()) instanceof ObjectNode payload
          && payload.get(ITEM) instanceof ObjectNode
          && payload.path(MODEL).isTextual()) {
        return payload;
      }
    } catch (IOException e) {
      throw new CacheException("the payload of an entry is not JSON", e);
    }
    throw new CacheException("the payload of an entry is no embedding");
  }

  /**
   * Returns the body that answers {@code inputs}, in their order. Tokens are those that the
   * upstream billed for this request: what came from the cache cost none.
   */
  public static byte[] of(
      List<JsonNode> inputs, Map<JsonNode, Answer> answers, long promptTokens, long totalTokens) {
    ObjectNode body = Json.object();
    body.put("object", "list");
    ArrayNode data = body.putArray("data");
    List<String> models = new ArrayList<>();
    for (JsonNode input : inputs) {
      Answer answer = answers.get(input);
      if (answer == null) {
        throw new IllegalStateException("an input has no embedding");
      }
      ObjectNode payload = item(answer);
      models.add(payload.path(MODEL).textValue());
      ObjectNode item = Json.object();
      item.setAll((ObjectNode) payload.get(ITEM));
      item.put("index", data.size());
      data.add(item);
    }
    body.put(MODEL, models.get(0));
    ObjectNode usage = body.putObject("usage");
    usage.put("prompt_tokens", promptTokens);
    usage.put("total_tokens", totalTokens);
    return Json.bytes(body);
  }
}
