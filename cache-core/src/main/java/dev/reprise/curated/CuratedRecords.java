package dev.reprise.curated;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.model.Scope;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** What {@link CuratedAnswers} writes to the logs, as JSON. The entries of a set are compressed. */
final class CuratedRecords {
  private static final int FORMAT = 1;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ENTRY = "entry";
  private static final String QUESTION = "question";
  private static final String SCOPE = "scope";
  private static final String BY = "by";
  private static final String AT = "at";
  private static final String NOTE = "note";
  private static final String VERSION = "version";
  private static final String ENTRIES = "entries";
  private static final String CONFIDENCE = "confidence";
  private static final String STATE = "state";

  private CuratedRecords() {}

  /**
   * What became of a wording.
   *
   * @param isApproved false if it was taken back
   */
  record AliasChange(CuratedAlias alias, boolean isApproved) {}

  /**
   * What became of a proposal.
   *
   * @param isOpen false if it was approved or rejected
   */
  record ProposalChange(CuratedProposal proposal, boolean isOpen) {}

  static String write(CuratedSet set) {
    return begin()
        .put(VERSION, set.version())
        .put(AT, set.madeAt().toString())
        .put(BY, set.madeBy())
        .put(NOTE, set.note())
        .put(ENTRIES, compressed(CuratedFile.write(set.entries())))
        .toString();
  }

  static CuratedSet set(String record) {
    JsonNode json = read(record);
    return new CuratedSet(
        json.path(VERSION).asLong(),
        Instant.parse(json.path(AT).asText()),
        json.path(BY).asText(),
        json.path(NOTE).asText(),
        CuratedFile.parse(expanded(json.path(ENTRIES).asText()), ""));
  }

  static String write(AliasChange change) {
    CuratedAlias alias = change.alias();
    ObjectNode json =
        begin()
            .put(ENTRY, alias.entry())
            .put(QUESTION, alias.text())
            .put(BY, alias.approvedBy())
            .put(AT, alias.approvedAt().toString())
            .put(STATE, change.isApproved());
    alias.scope().ifPresent(scope -> json.put(SCOPE, scope.name()));
    return json.toString();
  }

  static AliasChange alias(String record) {
    JsonNode json = read(record);
    return new AliasChange(
        new CuratedAlias(
            json.path(ENTRY).asText(),
            json.path(QUESTION).asText(),
            json.hasNonNull(SCOPE)
                ? Optional.of(Scope.of(json.path(SCOPE).asText()))
                : Optional.empty(),
            json.path(BY).asText(),
            Instant.parse(json.path(AT).asText())),
        json.path(STATE).asBoolean());
  }

  static String write(ProposalChange change) {
    CuratedProposal proposal = change.proposal();
    return begin()
        .put(ENTRY, proposal.entry())
        .put(QUESTION, proposal.question())
        .put(SCOPE, proposal.scope().name())
        .put(CONFIDENCE, proposal.confidence())
        .put(AT, proposal.proposedAt().toString())
        .put(STATE, change.isOpen())
        .toString();
  }

  static ProposalChange proposal(String record) {
    JsonNode json = read(record);
    return new ProposalChange(
        new CuratedProposal(
            json.path(ENTRY).asText(),
            json.path(QUESTION).asText(),
            Scope.of(json.path(SCOPE).asText()),
            json.path(CONFIDENCE).asDouble(),
            Instant.parse(json.path(AT).asText())),
        json.path(STATE).asBoolean());
  }

  private static ObjectNode begin() {
    return JSON.createObjectNode().put("format", FORMAT);
  }

  private static JsonNode read(String record) {
    try {
      JsonNode json = JSON.readTree(record);
      if (json.path("format").asInt() != FORMAT) {
        throw new IllegalArgumentException("a record of curated answers has another format");
      }
      return json;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a record of curated answers is no JSON", e);
    }
  }

  private static String compressed(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static String expanded(String text) {
    byte[] bytes = Base64.getDecoder().decode(text);
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalArgumentException("the entries of a record cannot be read", e);
    }
  }
}
