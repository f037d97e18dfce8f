package dev.reprise.gateway.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheStats;
import dev.reprise.engine.ShadowStats;
import dev.reprise.gateway.http.Json;
import dev.reprise.match.RiskReport;
import java.util.Locale;
import java.util.Map;

/** What was counted since the start, and how often the matcher is wrong. */
public final class AdminStats {
  private final CacheEngine engine;
  private final Timeline timeline;

  public AdminStats(CacheEngine engine, Timeline timeline) {
    this.engine = engine;
    this.timeline = timeline;
  }

  /** Returns them. */
  ObjectNode json() {
    ObjectNode json = counts();
    engine.risk().ifPresent(risk -> risk(json.putObject("risk"), risk));
    return json;
  }

  /** Returns what was counted: numbers, and objects of numbers. */
  ObjectNode counts() {
    CacheStats stats = engine.stats();
    ObjectNode json = Json.object();
    json.put("requests", stats.requests());
    json.put("exactHits", stats.exactHits());
    json.put("semanticHits", stats.semanticHits());
    json.put("curatedHits", stats.curatedHits());
    json.put("hitRate", stats.hitRate());
    json.put("computed", stats.computed());
    json.put("bypassed", stats.bypassed());
    json.put("passed", timeline.passedInAll());
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
    if (stats.shadow().lookups() > 0) {
      shadow(json.putObject("shadow"), stats.shadow());
    }
    return json;
  }

  private static void counts(ObjectNode json, Map<?, Long> counts) {
    counts.forEach(
        (key, count) -> json.put(key.toString().toLowerCase(Locale.ROOT).replace('_', '-'), count));
  }

  private static void shadow(ObjectNode json, ShadowStats shadow) {
    json.put("lookups", shadow.lookups());
    json.put("exactHits", shadow.exactHits());
    json.put("semanticHits", shadow.semanticHits());
    json.put("curatedHits", shadow.curatedHits());
    json.put("hitRate", shadow.hitRate());
    json.put("secondsSaved", shadow.timeSaved().toMillis() / 1e3);
    json.put("dollarsSaved", shadow.dollarsSaved());
    json.put("inputTokensSaved", shadow.inputTokensSaved());
    json.put("outputTokensSaved", shadow.outputTokensSaved());
    json.put("compared", shadow.compared());
    json.put("wrong", shadow.wrong());
    json.put("exactCompared", shadow.exactCompared());
    json.put("exactWrong", shadow.exactWrong());
    shadow.wrongPerHit().ifPresent(rate -> estimate(json.putObject("wrongPerHit"), rate));
    shadow.wrongPerLookup().ifPresent(rate -> estimate(json.putObject("wrongPerLookup"), rate));
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
