package dev.reprise.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheStats;
import dev.reprise.engine.Feedback;
import dev.reprise.key.ExactKey;
import dev.reprise.match.RiskReport;
import dev.reprise.model.Tag;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What an administrator may see and do: {@code GET /admin/stats}, {@code POST /admin/feedback},
 * {@code POST /admin/invalidate}. Everybody else is refused. Safe for use by several threads.
 */
final class Admin {
  static final String PREFIX = "/admin/";

  private static final Set<String> ENTRIES = Set.of("tag", "document", "entry");

  private final CacheEngine engine;
  private final BodyReader bodies;
  private final Transfer transfer;
  private final byte[] token;

  /**
   * @param token what an administrator must show; empty where nobody is one
   */
  Admin(CacheEngine engine, BodyReader bodies, Transfer transfer, String token) {
    this.engine = engine;
    this.transfer = transfer;
    this.bodies = bodies;
    this.token = token.getBytes(StandardCharsets.UTF_8);
  }

  /** Answers a request whose path begins with {@link #PREFIX}. */
  void handle(Exchange exchange, String path) {
    if (token.length == 0) {
      throw ApiError.ofClient(
              403,
              "no_admin_token",
              "nobody may do this: start the gateway with an admin token (REPRISE_ADMIN_TOKEN)")
          .exception();
    }
    byte[] shown = Credentials.of(exchange.headers(), "").getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(token, shown)) {
      throw ApiError.ofClient(
              401, "invalid_admin_token", "show the admin token: Authorization: Bearer TOKEN")
          .exception();
    }
    String request = exchange.request().getMethod() + " " + path;
    switch (request) {
      case "GET /admin/stats" -> exchange.json(200, Map.of(), Json.bytes(stats()));
      case "POST /admin/feedback" ->
          bodies.handle(exchange, (same, bytes, body) -> answer(same, feedback(body)));
      case "POST /admin/invalidate" ->
          bodies.handle(exchange, (same, bytes, body) -> answer(same, invalidate(body)));
      case "GET /admin/export" -> transfer.export(exchange);
      case "POST /admin/import" ->
          bodies.handle(exchange, (same, bytes, body) -> answer(same, transfer.restore(body)));
      default ->
          exchange.error(
              ApiError.ofClient(
                  404,
                  "not_found",
                  "there is GET /admin/stats, POST /admin/feedback and POST /admin/invalidate"));
    }
  }

  private static void answer(Exchange exchange, ObjectNode body) {
    exchange.json(200, Map.of(), Json.bytes(body));
  }

  private ObjectNode feedback(ObjectNode body) {
    ExactKey entry = entry(text(body, "entry"));
    String said = text(body, "feedback").toUpperCase(Locale.ROOT);
    if (!said.equals("RIGHT") && !said.equals("WRONG")) {
      throw invalid("feedback must be \"right\" or \"wrong\"");
    }
    return Json.object().put("known", engine.feedback(entry, Feedback.valueOf(said)));
  }

  private ObjectNode invalidate(ObjectNode body) {
    if (body.size() != 1 || !ENTRIES.contains(body.fieldNames().next())) {
      throw invalid("name one of tag, document or entry");
    }
    String what = body.fieldNames().next();
    String name = text(body, what);
    try {
      long removed =
          switch (what) {
            case "tag" -> engine.invalidate(Tag.of(name));
            case "document" -> engine.invalidateDocument(name);
            default -> engine.remove(entry(name)) ? 1 : 0;
          };
      return Json.object().put("removed", removed);
    } catch (IllegalArgumentException e) {
      throw invalid(what + ": " + e.getMessage());
    }
  }

  private static String text(ObjectNode body, String name) {
    JsonNode value = body.path(name);
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw invalid(name + " must be a text");
    }
    return value.textValue();
  }

  private static ExactKey entry(String hex) {
    try {
      return ExactKey.ofHex(hex);
    } catch (IllegalArgumentException e) {
      throw invalid("entry must be the 64 digits that X-Reprise-Entry shows");
    }
  }

  private static ApiException invalid(String message) {
    return ApiError.ofClient(400, "invalid_request", message).exception();
  }

  private ObjectNode stats() {
    CacheStats stats = engine.stats();
    ObjectNode json = Json.object();
    json.put("requests", stats.requests());
    json.put("exactHits", stats.exactHits());
    json.put("semanticHits", stats.semanticHits());
    json.put("hitRate", stats.hitRate());
    json.put("computed", stats.computed());
    json.put("bypassed", stats.bypassed());
    json.put("unsatisfied", stats.unsatisfied());
    json.put("failed", stats.failed());
    json.put("cancelled", stats.cancelled());
    json.put("upstreamCalls", stats.upstreamCalls());
    json.put("stored", stats.stored());
    json.put("rejected", stats.rejected());
    counts(json.putObject("rejectedByStage"), stats.rejectedByStage());
    counts(json.putObject("bypassedByReason"), stats.bypassedByReason());
    counts(json.putObject("troubleByPart"), stats.troubleByPart());
    json.put("judgedSame", stats.judgedSame());
    json.put("judgedDifferent", stats.judgedDifferent());
    json.put("secondsSaved", stats.timeSaved().toMillis() / 1e3);
    json.put("dollarsSaved", stats.dollarsSaved());
    engine.risk().ifPresent(risk -> risk(json.putObject("risk"), risk));
    return json;
  }

  private static void counts(ObjectNode json, Map<?, Long> counts) {
    counts.forEach(
        (key, count) -> json.put(key.toString().toLowerCase(Locale.ROOT).replace('_', '-'), count));
  }

  private static void risk(ObjectNode json, RiskReport risk) {
    json.put("bound", risk.bound().toString());
    json.put("leastConfidence", risk.point().leastConfidence());
    json.put("origin", risk.point().origin().name().toLowerCase(Locale.ROOT));
    json.put("lookups", risk.lookups());
    json.put("judged", risk.judged());
    json.put("servedJudged", risk.servedJudged());
    json.put("servedWrong", risk.servedWrong());
    json.put("foregone", risk.foregone());
    estimate(json.putObject("wrongPerLookup"), risk.wrongPerLookup());
    estimate(json.putObject("wrongPerHit"), risk.wrongPerHit());
  }

  private static void estimate(ObjectNode json, RiskReport.Estimate estimate) {
    json.put("low", estimate.low());
    json.put("value", estimate.value());
    json.put("high", estimate.high());
  }
}
