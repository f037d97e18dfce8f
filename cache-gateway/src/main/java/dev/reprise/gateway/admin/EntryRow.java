package dev.reprise.gateway.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Texts;
import dev.reprise.gateway.request.Scopes;
import dev.reprise.key.Question;
import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import dev.reprise.model.Tag;
import dev.reprise.tier.Entry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * An entry as an administrator sees it in a list: its texts cut, so that a list of large ones stays
 * small.
 *
 * @param key its exact key
 * @param question what it answers, or why it can be matched exactly only
 * @param byMeaning whether it can be found by meaning
 * @param bytes the size of its texts in UTF-8
 * @param scope whose it is, empty where its integration did not say
 * @param tags the names that were given to it
 * @param documents the identifiers of what it was made from
 */
record EntryRow(
    String key,
    String question,
    boolean byMeaning,
    String answer,
    String model,
    Instant storedAt,
    Instant expiresAt,
    Duration upstreamTime,
    long bytes,
    String scope,
    List<String> tags,
    List<String> documents) {

  /** Returns the row of {@code entry}. */
  static EntryRow of(Entry entry) {
    boolean byMeaning = entry.question() instanceof Question.Semantic;
    return new EntryRow(
        entry.key().hex(),
        Texts.cut(questionOf(entry), DecisionReader.LONGEST_QUESTION),
        byMeaning,
        Texts.cut(entry.answer().text(), DecisionReader.LONGEST_ANSWER),
        entry.model(),
        entry.storedAt(),
        entry.expiresAt(),
        entry.upstreamTime(),
        bytesOf(entry),
        entry.tags().stream()
            .flatMap(tag -> tag.asScope().stream())
            .findFirst()
            .map(Scope::name)
            .orElse(""),
        entry.tags().stream()
            .filter(tag -> !tag.isScope() && tag.asDocument().isEmpty())
            .map(Tag::name)
            .sorted()
            .toList(),
        entry.tags().stream().flatMap(tag -> tag.asDocument().stream()).sorted().toList());
  }

  /** Returns what {@code entry} answers, or why it can be matched exactly only. */
  static String questionOf(Entry entry) {
    return entry.question() instanceof Question.Semantic semantic
        ? semantic.text()
        : ((Question.ExactOnly) entry.question()).why();
  }

  /** Returns how many bytes the texts of {@code entry} have. */
  static long bytesOf(Entry entry) {
    Answer answer = entry.answer();
    long bytes = utf8(questionOf(entry)) + utf8(answer.payload());
    return answer.payload().equals(answer.text()) ? bytes : bytes + utf8(answer.text());
  }

  private static long utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Writes it into {@code json}. */
  void write(ObjectNode json) {
    json.put("key", key);
    json.put("question", question);
    json.put("byMeaning", byMeaning);
    json.put("answer", answer);
    json.put("model", model);
    json.put("storedAt", storedAt.toString());
    json.put("expiresAt", expiresAt.toString());
    json.put("upstreamMs", upstreamTime.toMillis());
    json.put("bytes", bytes);
    json.put("scope", scope);
    json.put("scopeLabel", Scopes.label(scope));
    ArrayNode names = json.putArray("tags");
    tags.forEach(names::add);
    ArrayNode made = json.putArray("documents");
    documents.forEach(made::add);
  }
}
