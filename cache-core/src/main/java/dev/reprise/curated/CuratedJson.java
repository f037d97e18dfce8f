package dev.reprise.curated;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.model.Scope;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads and writes a {@link CuratedEntry} as JSON. */
final class CuratedJson {
  /** Stands for all scopes. */
  static final String ALL_SCOPES = "*";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ID = "id";
  private static final String QUESTION = "question";
  private static final String ALIASES = "aliases";
  private static final String ANSWER = "answer";
  private static final String SCOPE = "scope";
  private static final String MODELS = "models";
  private static final String SYSTEMS = "systems";
  private static final String REVIEWED_BY = "reviewedBy";
  private static final String REVIEWED_AT = "reviewedAt";
  private static final List<String> MEMBERS =
      List.of(ID, QUESTION, ALIASES, ANSWER, SCOPE, MODELS, SYSTEMS, REVIEWED_BY, REVIEWED_AT);
  private static final Set<String> KNOWN = Set.copyOf(MEMBERS);

  private CuratedJson() {}

  /** Returns an entry as JSON, without the members that it does not set. */
  static ObjectNode write(CuratedEntry entry) {
    ObjectNode json = JSON.createObjectNode().put(ID, entry.id()).put(QUESTION, entry.question());
    list(json, ALIASES, entry.aliases());
    json.put(ANSWER, entry.answer());
    json.put(SCOPE, entry.scope().map(Scope::name).orElse(ALL_SCOPES));
    list(json, MODELS, entry.models());
    list(json, SYSTEMS, entry.systems());
    if (!entry.reviewedBy().isEmpty()) {
      json.put(REVIEWED_BY, entry.reviewedBy());
    }
    entry.reviewedAt().ifPresent(time -> json.put(REVIEWED_AT, time.toString()));
    return json;
  }

  private static void list(ObjectNode json, String name, List<String> texts) {
    if (!texts.isEmpty()) {
      texts.forEach(json.putArray(name)::add);
    }
  }

  /**
   * Reads an entry.
   *
   * @param scope the scope of an entry that names none, "*" for all; empty if each must name one
   * @throws IllegalArgumentException if something is missing, misspelled or out of range
   */
  static CuratedEntry read(JsonNode json, String scope) {
    if (!(json instanceof ObjectNode object)) {
      throw new IllegalArgumentException("an entry is a JSON object");
    }
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException(
                    "there is no member \""
                        + name
                        + "\"; an entry has "
                        + String.join(", ", MEMBERS));
              }
            });
    CuratedEntry.Builder entry =
        CuratedEntry.builder(required(object, QUESTION), required(object, ANSWER))
            .aliases(texts(object, ALIASES))
            .models(texts(object, MODELS))
            .systems(texts(object, SYSTEMS))
            .reviewedBy(optional(object, REVIEWED_BY));
    if (object.hasNonNull(ID)) {
      entry.id(required(object, ID));
    }
    String named = object.hasNonNull(SCOPE) ? required(object, SCOPE) : scope;
    if (named.isEmpty()) {
      throw new IllegalArgumentException(
          "\"scope\" is missing: name the scope that is answered, or \"*\" for all scopes");
    }
    if (!named.equals(ALL_SCOPES)) {
      entry.scope(Scope.of(named));
    }
    String time = optional(object, REVIEWED_AT);
    if (!time.isEmpty()) {
      entry.reviewedAt(instant(time));
    }
    return entry.build();
  }

  private static String required(ObjectNode object, String name) {
    JsonNode value = object.path(name);
    if (value.isMissingNode() || value.isNull()) {
      throw new IllegalArgumentException("\"" + name + "\" is missing");
    }
    return text(name, value);
  }

  private static String optional(ObjectNode object, String name) {
    JsonNode value = object.path(name);
    return value.isMissingNode() || value.isNull() ? "" : text(name, value);
  }

  private static String text(String name, JsonNode value) {
    if (!value.isTextual()) {
      throw new IllegalArgumentException(
          "\"" + name + "\" is a text, not " + value.getNodeType().name().toLowerCase(Locale.ROOT));
    }
    return value.textValue();
  }

  private static List<String> texts(ObjectNode object, String name) {
    JsonNode value = object.path(name);
    List<String> texts = new ArrayList<>();
    if (value.isMissingNode() || value.isNull()) {
      return texts;
    }
    if (!value.isArray()) {
      throw new IllegalArgumentException("\"" + name + "\" is a list of texts");
    }
    value.forEach(each -> texts.add(text(name, each)));
    return texts;
  }

  private static Instant instant(String time) {
    try {
      return time.length() == 10
          ? LocalDate.parse(time).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(time);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "\""
              + REVIEWED_AT
              + "\" is a date such as 2026-11-30 or 2026-11-30T10:00:00Z, not "
              + time,
          e);
    }
  }
}
