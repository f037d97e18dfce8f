package dev.reprise.spring.boot;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheStats;
import dev.reprise.engine.Feedback;
import dev.reprise.engine.LookupExplanation;
import dev.reprise.engine.Removal;
import dev.reprise.engine.ShadowStats;
import dev.reprise.key.ExactKey;
import dev.reprise.match.RiskReport;
import dev.reprise.model.Scope;
import dev.reprise.model.Tag;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.lang.Nullable;

/**
 * The Actuator endpoint {@code reprise}.
 *
 * <ul>
 *   <li>{@code GET /actuator/reprise}: everything; {@code /stats}, {@code /risk}, {@code /models}
 *       or {@code /tiers}: a part of it.
 *   <li>{@code POST /actuator/reprise} with {@code question}: what a lookup would see. Optional:
 *       {@code model} (a bean name), {@code system}, {@code tenantScope}.
 *   <li>{@code POST /actuator/reprise/ENTRY} with {@code feedback}: {@code right} or {@code wrong}.
 *   <li>{@code DELETE /actuator/reprise/ENTRY}: removes an entry. {@code DELETE
 *       /actuator/reprise?tag=T}, {@code ?document=ID} or {@code ?tenantScope=NAME}: removes many.
 * </ul>
 */
@Endpoint(id = "reprise")
class RepriseEndpoint {
  private final CacheEngine engine;
  private final CachedModels models;
  private final CurrentScope scope;
  private final TierStates tiers;

  RepriseEndpoint(CacheEngine engine, CachedModels models, CurrentScope scope, TierStates tiers) {
    this.engine = engine;
    this.models = models;
    this.scope = scope;
    this.tiers = tiers;
  }

  /** Returns everything that there is to read. */
  @ReadOperation
  Map<String, Object> overview() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("stats", stats());
    all.put("risk", risk());
    all.put("models", models());
    all.put("tiers", Map.of("away", tiers.away()));
    return all;
  }

  /** Returns one part of it; null, which is answered with 404, if there is no such part. */
  @ReadOperation
  @Nullable
  Object part(@Selector String part) {
    return overview().get(part);
  }

  /** Says what a lookup of a question would see now. */
  @WriteOperation
  Map<String, Object> explain(
      String question,
      @Nullable String model,
      @Nullable String system,
      @Nullable String tenantScope) {
    String name = model != null ? model : onlyModel();
    Supplier<Optional<LookupExplanation>> explain = () -> models.explain(name, system, question);
    LookupExplanation explanation =
        (tenantScope == null ? explain.get() : scope.within(scopeOf(tenantScope), explain))
            .orElseThrow(
                () ->
                    refused(
                        "No cached model \""
                            + name
                            + "\" can explain; there are "
                            + models.names()));
    return Explanations.json(explanation);
  }

  /** Takes what somebody says of an entry's answer. */
  @WriteOperation
  Map<String, Object> feedback(@Selector String entry, String feedback) {
    Feedback value =
        switch (feedback.toLowerCase(Locale.ROOT)) {
          case "right" -> Feedback.RIGHT;
          case "wrong" -> Feedback.WRONG;
          default -> throw refused("feedback is \"" + feedback + "\", but must be right or wrong");
        };
    return Map.of("recorded", engine.feedback(keyOf(entry), value));
  }

  /** Removes one entry. */
  @DeleteOperation
  Map<String, Object> remove(@Selector String entry) {
    return json(engine.removeEntry(keyOf(entry)));
  }

  /** Removes every entry with a tag, of a document, or of a scope. */
  @DeleteOperation
  Map<String, Object> invalidate(
      @Nullable String tag, @Nullable String document, @Nullable String tenantScope) {
    List<String> given = Stream.of(tag, document, tenantScope).filter(Objects::nonNull).toList();
    if (given.size() != 1) {
      throw refused("Name one of tag, document and tenantScope");
    }
    try {
      if (tag != null) {
        return json(engine.removeAll(Tag.of(tag)));
      }
      return json(
          engine.removeAll(
              document != null ? Tag.document(document) : Tag.scope(Scope.of(given.get(0)))));
    } catch (IllegalArgumentException e) {
      throw refused(e.getMessage());
    }
  }

  private String onlyModel() {
    return models
        .firstExplainable()
        .orElseThrow(() -> refused("No cached model can explain; there are " + models.names()));
  }

  private static Scope scopeOf(String name) {
    try {
      return Scope.of(name);
    } catch (IllegalArgumentException e) {
      throw refused(e.getMessage());
    }
  }

  private static ExactKey keyOf(String hex) {
    try {
      return ExactKey.ofHex(hex);
    } catch (IllegalArgumentException e) {
      throw refused("\"" + hex + "\" is no key of an entry: 64 hexadecimal digits");
    }
  }

  private static InvalidEndpointRequestException refused(@Nullable String why) {
    return new InvalidEndpointRequestException(String.valueOf(why), String.valueOf(why));
  }

  private static Map<String, Object> json(Removal removal) {
    return Map.of("removed", removal.count(), "pending", removal instanceof Removal.Pending);
  }

  private Map<String, Object> models() {
    return Map.of("cached", models.names(), "notCached", models.skipped());
  }

  private Map<String, Object> stats() {
    CacheStats stats = engine.stats();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("requests", stats.requests());
    json.put("exactHits", stats.exactHits());
    json.put("semanticHits", stats.semanticHits());
    json.put("curatedHits", stats.curatedHits());
    json.put("hitRate", stats.hitRate());
    json.put("computed", stats.computed());
    json.put("bypassed", stats.bypassed());
    json.put("unsatisfied", stats.unsatisfied());
    json.put("failed", stats.failed());
    json.put("cancelled", stats.cancelled());
    json.put("upstreamCalls", stats.upstreamCalls());
    json.put("stored", stats.stored());
    json.put("notStored", stats.notStored());
    json.put("rejected", stats.rejected());
    json.put("bypassedByReason", counts(stats.bypassedByReason()));
    json.put("notStoredByReason", counts(stats.notStoredByReason()));
    json.put("troubleByPart", counts(stats.troubleByPart()));
    json.put("judgedSame", stats.judgedSame());
    json.put("judgedDifferent", stats.judgedDifferent());
    json.put("secondsSaved", stats.timeSaved().toMillis() / 1e3);
    json.put("dollarsSaved", stats.dollarsSaved());
    if (stats.shadow().lookups() > 0) {
      json.put("shadow", shadow(stats.shadow()));
    }
    return json;
  }

  private static Map<String, Object> shadow(ShadowStats stats) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("lookups", stats.lookups());
    json.put("exactHits", stats.exactHits());
    json.put("semanticHits", stats.semanticHits());
    json.put("curatedHits", stats.curatedHits());
    json.put("hitRate", stats.hitRate());
    json.put("compared", stats.compared());
    json.put("wrong", stats.wrong());
    stats.wrongPerHit().ifPresent(rate -> json.put("wrongPerHit", estimate(rate)));
    json.put("secondsSaved", stats.timeSaved().toMillis() / 1e3);
    json.put("dollarsSaved", stats.dollarsSaved());
    return json;
  }

  private static Map<String, Long> counts(Map<?, Long> counts) {
    Map<String, Long> named = new TreeMap<>();
    counts.forEach(
        (key, count) ->
            named.put(String.valueOf(key).toLowerCase(Locale.ROOT).replace('_', '-'), count));
    return named;
  }

  private Map<String, Object> risk() {
    Map<String, Object> json = new LinkedHashMap<>();
    Optional<RiskReport> report = engine.risk();
    if (report.isPresent()) {
      RiskReport risk = report.get();
      json.put("bound", risk.bound().toString());
      json.put("leastConfidence", risk.point().leastConfidence());
      json.put("lookups", risk.lookups());
      json.put("judged", risk.judged());
      json.put("servedJudged", risk.servedJudged());
      json.put("servedWrong", risk.servedWrong());
      json.put("wrongPerLookup", estimate(risk.wrongPerLookup()));
      json.put("wrongPerHit", estimate(risk.wrongPerHit()));
    }
    return json;
  }

  private static Map<String, Double> estimate(RiskReport.Estimate estimate) {
    return Map.of("low", estimate.low(), "value", estimate.value(), "high", estimate.high());
  }
}
