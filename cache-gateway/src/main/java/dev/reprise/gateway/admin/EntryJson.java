package dev.reprise.gateway.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.key.Question;
import dev.reprise.model.Answer;
import dev.reprise.model.Completion;
import dev.reprise.model.Document;
import dev.reprise.model.Tag;
import dev.reprise.model.TokenUsage;
import dev.reprise.tier.Entry;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Writes an entry as JSON, and reads it again. Nothing of it is lost. Instants and durations are in
 * ISO 8601, in UTC.
 */
final class EntryJson {
  private EntryJson() {}

  /** Returns the JSON of {@code entry}. */
  static ObjectNode write(Entry entry) {
    ObjectNode json = Json.object();
    json.put("key", entry.key().hex());
    if (entry.question() instanceof Question.Semantic semantic) {
      json.put("question", semantic.text());
      json.put("fingerprint", semantic.fingerprint().hex());
    } else if (entry.question() instanceof Question.ExactOnly exactOnly) {
      json.put("exactOnly", exactOnly.why());
    }
    json.put("model", entry.model());
    json.put("storedAt", entry.storedAt().toString());
    json.put("expiresAt", entry.expiresAt().toString());
    json.put("upstreamTime", entry.upstreamTime().toString());
    ArrayNode tags = json.putArray("tags");
    entry.tags().stream().map(Tag::name).sorted().forEach(tags::add);
    write(json.putObject("answer"), entry.answer());
    return json;
  }

  private static void write(ObjectNode json, Answer answer) {
    json.put("text", answer.text());
    json.put("payload", answer.payload());
    json.put("completion", answer.completion().name().toLowerCase(Locale.ROOT));
    if (answer.usage() instanceof TokenUsage.Known known) {
      json.putObject("usage")
          .put("inputTokens", known.inputTokens())
          .put("outputTokens", known.outputTokens());
    }
    ArrayNode documents = json.putArray("documents");
    for (Document document : answer.documents()) {
      documents.addObject().put("id", document.id()).put("version", document.version());
    }
  }

  /**
   * Returns the entry that {@code json} describes.
   *
   * @throws IllegalArgumentException if it describes none; the message names the member
   */
  static Entry read(JsonNode json) {
    Set<Tag> tags = new HashSet<>();
    for (JsonNode tag : member(json, "tags", JsonNode::isArray, "an array")) {
      tags.add(Tag.of(tag.asText()));
    }
    try {
      return new Entry(
          ExactKey.ofHex(text(json, "key")),
          question(json),
          answer(member(json, "answer", JsonNode::isObject, "an object")),
          Duration.parse(text(json, "upstreamTime")),
          text(json, "model"),
          Instant.parse(text(json, "storedAt")),
          Instant.parse(text(json, "expiresAt")),
          tags);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "\"" + e.getParsedString() + "\" is no instant or duration of ISO 8601", e);
    }
  }

  private static Question question(JsonNode json) {
    return json.has("question")
        ? new Question.Semantic(
            Fingerprint.ofHex(text(json, "fingerprint")), text(json, "question"))
        : new Question.ExactOnly(text(json, "exactOnly"));
  }

  private static Answer answer(JsonNode json) {
    Set<Document> documents = new HashSet<>();
    for (JsonNode document : member(json, "documents", JsonNode::isArray, "an array")) {
      documents.add(new Document(text(document, "id"), text(document, "version")));
    }
    return new Answer(
        text(json, "text"), text(json, "payload"), completion(json), usage(json), documents);
  }

  private static Completion completion(JsonNode json) {
    String name = text(json, "completion");
    try {
      return Completion.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("completion \"" + name + "\" is not known", e);
    }
  }

  private static TokenUsage usage(JsonNode json) {
    JsonNode usage = json.get("usage");
    return usage == null
        ? new TokenUsage.Unknown()
        : new TokenUsage.Known(count(usage, "inputTokens"), count(usage, "outputTokens"));
  }

  private static long count(JsonNode json, String name) {
    return member(json, name, JsonNode::isIntegralNumber, "a whole number").longValue();
  }

  private static String text(JsonNode json, String name) {
    return member(json, name, JsonNode::isTextual, "a text").textValue();
  }

  private static JsonNode member(
      JsonNode json, String name, Predicate<JsonNode> kind, String words) {
    JsonNode value = json.path(name);
    if (!kind.test(value)) {
      throw new IllegalArgumentException(name + " must be " + words);
    }
    return value;
  }
}
