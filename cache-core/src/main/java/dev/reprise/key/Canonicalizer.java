package dev.reprise.key;

import dev.reprise.model.CacheRequest;
import dev.reprise.model.ContentHash;
import dev.reprise.model.Document;
import dev.reprise.model.Message;
import dev.reprise.model.Part;
import dev.reprise.model.Role;
import dev.reprise.model.Tool;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/*
 * Which component of a request is where, and why some are not, stands in docs/KEY.md; KeyCompletenessTest holds it.
 * A change to the tree below changes every key: raise SCHEMA with it, so that entries of the two forms never meet.
 */
/**
 * Derives the keys of a request. Pure: equal requests have equal keys, on every machine and in
 * every process.
 */
public final class Canonicalizer {
  /** The version of the canonical form; it is part of every key. */
  public static final String SCHEMA = "reprise/1";

  private static final Object QUESTION_PLACE = Map.of("type", "question");

  private Canonicalizer() {}

  /**
   * Returns the exact key: SHA-256 (FIPS 180-4) over the canonical JSON (RFC 8785) of everything
   * that shapes the answer.
   *
   * @throws UncanonicalException if the request has no canonical form; it must bypass the cache
   */
  public static ExactKey exactKey(CacheRequest request) {
    return new ExactKey(hash(tree(request, "exact", false)));
  }

  /**
   * Returns what of the request can be compared by meaning. That is so if its last message is a
   * user's and has a text that is not blank.
   *
   * @throws UncanonicalException if the request has no canonical form; it must bypass the cache
   */
  public static Question question(CacheRequest request) {
    Message last = request.messages().get(request.messages().size() - 1);
    if (last.role() != Role.USER) {
      return new Question.ExactOnly(
          "the last message is not a user's but of role "
              + last.role().name().toLowerCase(Locale.ROOT));
    }
    String text = questionText(request);
    if (text.isBlank()) {
      return new Question.ExactOnly("the last message has no text");
    }
    return new Question.Semantic(
        new Fingerprint(hash(tree(request, "fingerprint", true))), CanonicalJson.normalized(text));
  }

  /**
   * Returns the texts of the last message, joined by line feeds: what is asked, where the message
   * is a user's.
   */
  public static String questionText(CacheRequest request) {
    Message last = request.messages().get(request.messages().size() - 1);
    List<String> texts = new ArrayList<>();
    for (Part part : last.parts()) {
      if (part instanceof Part.Text text) {
        texts.add(text.text());
      }
    }
    return String.join("\n", texts);
  }

  private static ContentHash hash(Object tree) {
    return ContentHash.of(CanonicalJson.write(tree).getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, @Nullable Object> tree(
      CacheRequest request, String kind, boolean withoutQuestion) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("schema", SCHEMA);
    tree.put("kind", kind);
    tree.put("scope", request.scope().name());
    tree.put("provider", request.provider());
    tree.put("model", request.model());
    tree.put("messages", messages(request.messages(), withoutQuestion));
    tree.put("tools", request.tools().stream().map(Canonicalizer::tool).toList());
    tree.put("parameters", request.parameters().values());
    tree.put("documents", request.documents().stream().map(Canonicalizer::document).toList());
    tree.put("useCase", request.useCase().name());
    tree.put("answerFormat", request.answerFormat());
    return tree;
  }

  private static List<Object> messages(List<Message> messages, boolean withoutQuestion) {
    CallNumbers numbers = new CallNumbers();
    List<Object> trees = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      boolean blank = withoutQuestion && i == messages.size() - 1;
      List<Object> parts = new ArrayList<>(message.parts().size());
      for (Part part : message.parts()) {
        parts.add(part(part, numbers, blank));
      }
      trees.add(
          Map.of(
              "role", message.role().name(),
              "parts", parts,
              "attributes", message.attributes().values()));
    }
    return trees;
  }

  private static Object part(Part part, CallNumbers numbers, boolean blank) {
    if (part instanceof Part.Text text) {
      return Map.of(
          "type",
          "text",
          "text",
          blank ? QUESTION_PLACE : text.text(),
          "attributes",
          text.attributes().values());
    }
    if (part instanceof Part.Media media) {
      return Map.of(
          "type", "media",
          "kind", media.kind(),
          "source", source(media.source()),
          "attributes", media.attributes().values());
    }
    if (part instanceof Part.ToolCall call) {
      return Map.of(
          "type", "tool-call",
          "number", numbers.of(call.id()),
          "name", call.name(),
          "arguments", call.arguments());
    }
    if (part instanceof Part.ToolResult result) {
      return Map.of(
          "type", "tool-result",
          "number", numbers.of(result.callId()),
          "name", result.name(),
          "content",
              result.content().stream().map(content -> part(content, numbers, false)).toList(),
          "attributes", result.attributes().values());
    }
    Part.Opaque opaque = (Part.Opaque) part;
    return Map.of("type", "opaque", "name", opaque.type(), "content", opaque.content().values());
  }

  private static Object source(Part.MediaSource source) {
    if (source instanceof Part.Inline inline) {
      return Map.of("sha256", inline.hash().hex(), "mediaType", inline.mediaType());
    }
    return Map.of("uri", ((Part.Remote) source).uri());
  }

  private static Object tool(Tool tool) {
    return Map.of("name", tool.name(), "definition", tool.definition().values());
  }

  private static Object document(Document document) {
    return Map.of("id", document.id(), "version", document.version());
  }

  /** Gives each identifier of a tool call the number of its first appearance. */
  private static final class CallNumbers {
    private final Map<String, Long> numbers = new HashMap<>();

    long of(String id) {
      return numbers.computeIfAbsent(id, unused -> (long) numbers.size());
    }
  }
}
