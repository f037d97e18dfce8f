package dev.reprise.gateway.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.curated.CuratedAlias;
import dev.reprise.curated.CuratedAnswers;
import dev.reprise.curated.CuratedEntry;
import dev.reprise.curated.CuratedFile;
import dev.reprise.curated.CuratedProposal;
import dev.reprise.curated.CuratedSet;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.http.ApiError;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.http.Query;
import dev.reprise.gateway.request.Scopes;
import dev.reprise.model.CacheException;
import dev.reprise.model.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Lists, imports and corrects the curated answers. */
final class AdminCurated {
  private static final int LONGEST_TEXT = CuratedEntry.LONGEST_QUESTION;
  private static final int MOST_ROWS = 1_000;
  private static final String VERSION = "version";
  private static final String ALIASES = "approvedAliases";

  private final CacheEngine engine;

  AdminCurated(CacheEngine engine) {
    this.engine = engine;
  }

  private CuratedAnswers answers() {
    return engine.curated();
  }

  /**
   * Lists. The query has {@code q}, a part of a question or an answer in any case; {@code version},
   * an earlier one; {@code offset} and {@code limit}.
   */
  ObjectNode json(Query query) {
    int offset = (int) query.number("offset", 0, 0, CuratedSet.MOST_ENTRIES);
    int limit = (int) query.number("limit", 50, 0, MOST_ROWS);
    long version = query.number(VERSION, -1, 0, Long.MAX_VALUE / 10);
    CuratedSet current = answers().current();
    ObjectNode json = Json.object();
    head(json, current);
    List<CuratedEntry> entries =
        (version < 0 ? answers().entries() : version(version).entries())
            .stream().filter(filter(query.text("q", LONGEST_TEXT))).toList();
    json.put("matched", entries.size());
    json.put("offset", offset);
    List<CuratedAlias> aliases = version < 0 ? answers().aliases() : List.of();
    ArrayNode list = json.putArray("entries");
    entries.stream().skip(offset).limit(limit).forEach(entry -> list.add(entry(entry, aliases)));
    ArrayNode versions = json.putArray("versions");
    answers().versions().forEach(set -> head(versions.addObject(), set));
    ArrayNode proposals = json.putArray("proposals");
    answers().proposals().forEach(proposal -> proposals.add(proposal(proposal)));
    return json;
  }

  private static void head(ObjectNode json, CuratedSet set) {
    json.put(VERSION, set.version());
    json.put("size", set.entries().size());
    json.put("madeAt", set.madeAt().toString());
    json.put("madeBy", set.madeBy());
    json.put("note", set.note());
  }

  private CuratedSet version(long number) {
    return answers().versions().stream()
        .filter(set -> set.version() == number)
        .findFirst()
        .orElseThrow(() -> ApiError.invalid("version " + number + " is not kept"));
  }

  private static Predicate<CuratedEntry> filter(String text) {
    if (text.isEmpty()) {
      return entry -> true;
    }
    Pattern part =
        Pattern.compile(Pattern.quote(text), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    return entry -> {
      List<String> texts = new ArrayList<>(entry.aliases());
      texts.addAll(List.of(entry.id(), entry.question(), entry.answer()));
      return texts.stream().anyMatch(one -> part.matcher(one).find());
    };
  }

  private static ObjectNode entry(CuratedEntry entry, List<CuratedAlias> aliases) {
    ObjectNode json;
    try {
      json = (ObjectNode) Json.read(CuratedFile.write(List.of(entry)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an entry is written as JSON", e);
    }
    json.put("scopeLabel", entry.scope().map(scope -> Scopes.label(scope.name())).orElse("all"));
    ArrayNode approved = json.putArray(ALIASES);
    for (CuratedAlias alias : aliases) {
      if (alias.entry().equals(entry.id())) {
        ObjectNode one = approved.addObject().put("text", alias.text());
        one.put("by", alias.approvedBy()).put("at", alias.approvedAt().toString());
        alias.scope().ifPresent(scope -> one.put("scope", scope.name()));
      }
    }
    return json;
  }

  private ObjectNode proposal(CuratedProposal proposal) {
    ObjectNode json = Json.object();
    json.put("id", proposal.id());
    json.put("question", proposal.question());
    json.put("scopeLabel", Scopes.label(proposal.scope().name()));
    json.put("confidence", proposal.confidence());
    json.put("proposedAt", proposal.proposedAt().toString());
    json.put("entry", proposal.entry());
    answers()
        .entry(proposal.entry())
        .ifPresent(
            entry ->
                json.put("entryQuestion", entry.question()).put("entryAnswer", entry.answer()));
    return json;
  }

  /**
   * Imports {@code lines}, JSON Lines of entries: {@code mode} is replace or add, {@code scope} is
   * that of lines that name none, {@code check} only looks at them, {@code by} and {@code note} say
   * who does so and why.
   */
  ObjectNode replace(ObjectNode body) {
    boolean isAdded =
        switch (body.path("mode").asText("replace")) {
          case "replace" -> false;
          case "add" -> true;
          default -> throw ApiError.invalid("mode must be \"replace\" or \"add\"");
        };
    return changed(
        () -> {
          List<CuratedEntry> entries =
              CuratedFile.parse(
                  BodyTexts.required(body, "lines"), BodyTexts.optional(body, "scope"));
          CuratedSet before = answers().current();
          if (body.path("check").asBoolean(false)) {
            CuratedSet.checked(entries);
            return summary(before, before).put("read", entries.size());
          }
          String by = BodyTexts.optional(body, "by");
          String note = BodyTexts.optional(body, "note");
          CuratedSet after =
              isAdded ? answers().add(entries, by, note) : answers().replace(entries, by, note);
          return summary(before, after).put("read", entries.size());
        });
  }

  private static ObjectNode summary(CuratedSet before, CuratedSet after) {
    long added =
        after.entries().stream().filter(entry -> before.entry(entry.id()).isEmpty()).count();
    long removed =
        before.entries().stream().filter(entry -> after.entry(entry.id()).isEmpty()).count();
    long changed =
        after.entries().stream()
            .filter(entry -> before.entry(entry.id()).filter(old -> !old.equals(entry)).isPresent())
            .count();
    ObjectNode json = Json.object();
    head(json, after);
    return json.put("added", added).put("changed", changed).put("removed", removed);
  }

  /** Goes back to the entries of {@code version}. */
  ObjectNode rollBack(ObjectNode body) {
    JsonNode version = body.path(VERSION);
    if (!version.isIntegralNumber()) {
      throw ApiError.invalid("version must be a number");
    }
    return changed(
        () -> {
          CuratedSet before = answers().current();
          return summary(
              before, answers().rollBack(version.asLong(), BodyTexts.optional(body, "by")));
        });
  }

  /** Approves or rejects ({@code decision}) the proposal {@code id}. */
  ObjectNode decide(ObjectNode body) {
    String id = BodyTexts.required(body, "id");
    String decision = BodyTexts.required(body, "decision");
    return changed(
        () ->
            Json.object()
                .put(
                    "known",
                    switch (decision) {
                      case "approve" -> answers().approve(id, BodyTexts.optional(body, "by"));
                      case "reject" -> answers().reject(id);
                      default ->
                          throw ApiError.invalid("decision must be \"approve\" or \"reject\"");
                    }));
  }

  /** Adds the wording {@code alias} to the entry {@code id}. */
  ObjectNode alias(ObjectNode body) {
    String id = BodyTexts.required(body, "id");
    String alias = BodyTexts.required(body, "alias");
    Optional<Scope> scope =
        Optional.of(BodyTexts.optional(body, "scope")).filter(s -> !s.isEmpty()).map(Scope::of);
    return changed(
        () ->
            Json.object()
                .put(
                    "added",
                    answers().approveAlias(id, alias, scope, BodyTexts.optional(body, "by"))));
  }

  /** Removes the entry {@code id}, or only its approved wording {@code alias}. */
  ObjectNode remove(Query query) {
    String id = query.text("id", LONGEST_TEXT);
    String alias = query.text("alias", LONGEST_TEXT);
    String by = query.text("by", LONGEST_TEXT);
    if (id.isEmpty()) {
      throw ApiError.invalid("name the entry: id");
    }
    return changed(
        () ->
            Json.object()
                .put(
                    "removed",
                    alias.isEmpty()
                        ? answers().remove(id, by)
                        : answers().removeAlias(id, alias, by)));
  }

  private static ObjectNode changed(Supplier<ObjectNode> change) {
    try {
      return change.get();
    } catch (IllegalArgumentException e) {
      throw ApiError.invalid(String.valueOf(e.getMessage()));
    } catch (CacheException e) {
      throw ApiError.ofGateway(503, "not_recorded", "nothing was changed: " + e.getMessage())
          .exception();
    }
  }
}
