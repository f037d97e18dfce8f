package dev.reprise.gateway.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.LookupExplanation;
import dev.reprise.engine.NearMiss;
import dev.reprise.engine.Timings;
import dev.reprise.gateway.admin.Decision.Kind;
import dev.reprise.gateway.http.ApiError;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.http.Query;
import dev.reprise.gateway.http.Texts;
import dev.reprise.gateway.request.Scopes;
import dev.reprise.key.ExactKey;
import dev.reprise.key.internal.Canonicalizer;
import dev.reprise.key.internal.UncanonicalException;
import dev.reprise.match.MatchExplanation.Step;
import dev.reprise.model.CacheRequest;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The live feed of decisions, and why each came out as it did. */
final class AdminDecisions {
  private final CacheEngine engine;
  private final DecisionLog decisions;

  AdminDecisions(CacheEngine engine, DecisionLog decisions) {
    this.engine = engine;
    this.decisions = decisions;
  }

  /** Returns the decisions after that of number {@code after}, newest first. */
  ObjectNode latest(Query query) {
    long after = query.number("after", 0, 0, Long.MAX_VALUE >> 4);
    int limit = (int) query.number("limit", 100, 1, DecisionLog.DECISIONS);
    ObjectNode json = Json.object();
    json.put("newest", decisions.newest());
    ArrayNode list = json.putArray("decisions");
    decisions.after(after, limit).forEach(decision -> write(list.addObject(), decision));
    return json;
  }

  /** Returns the misses that were nearest to be hits, the surest first. */
  ObjectNode nearMisses(Query query) {
    ObjectNode json = Json.object();
    ArrayNode list = json.putArray("nearMisses");
    decisions
        .nearMisses((int) query.number("limit", 20, 1, DecisionLog.MISSES))
        .forEach(miss -> write(list.addObject(), miss));
    return json;
  }

  /**
   * Explains the decision of the query: what a lookup of its request sees now, and, of a miss, in
   * what it differs from the earlier one that is most like it.
   */
  ObjectNode explain(Query query) {
    long number = query.number("decision", 0, 0, Long.MAX_VALUE >> 4);
    Decision decision =
        decisions
            .get(number)
            .orElseThrow(
                () ->
                    ApiError.ofClient(
                            404,
                            "not_found",
                            "decision "
                                + number
                                + " is not remembered; the latest "
                                + DecisionLog.DECISIONS
                                + " are")
                        .exception());
    ObjectNode json = Json.object();
    write(json.putObject("decision"), decision);
    CacheRequest request = decision.request();
    if (request == null) {
      return json;
    }
    if (decision.kind() == Kind.MISS) {
      differences(json, decision, request);
    }
    write(json.putObject("lookup"), engine.explain(request), exactKey(request));
    return json;
  }

  private void differences(ObjectNode json, Decision decision, CacheRequest request) {
    Optional<Decision> alike = decisions.mostAlike(decision);
    CacheRequest other = alike.map(Decision::request).orElse(null);
    if (alike.isEmpty() || other == null) {
      return;
    }
    ObjectNode compared = json.putObject("comparedWith");
    write(compared, alike.get());
    ArrayNode fields = json.putArray("differences");
    for (KeyDifference difference : KeyDifference.between(request, other)) {
      fields
          .addObject()
          .put("field", difference.field())
          .put("here", difference.here())
          .put("there", difference.there());
    }
  }

  private static @Nullable ExactKey exactKey(CacheRequest request) {
    try {
      return Canonicalizer.exactKey(request);
    } catch (UncanonicalException e) {
      return null;
    }
  }

  private static void write(
      ObjectNode json, LookupExplanation explanation, @Nullable ExactKey own) {
    explanation.bypass().ifPresent(reason -> json.put("bypass", reason.detail()));
    explanation.exactTier().ifPresent(tier -> json.put("exactTier", tier));
    explanation.compared().ifPresent(text -> json.put("compared", text));
    json.put("note", explanation.note());
    ArrayNode candidates = json.putArray("candidates");
    for (LookupExplanation.Candidate candidate : explanation.candidates()) {
      // What the request itself has stored since is no candidate that it had.
      if (!candidate.entry().equals(own)) {
        write(candidates.addObject(), candidate);
      }
    }
  }

  private static void write(ObjectNode json, LookupExplanation.Candidate candidate) {
    json.put("entry", candidate.entry().hex());
    json.put("question", Texts.cut(candidate.question(), DecisionReader.LONGEST_QUESTION));
    json.put("similarity", candidate.similarity().cosine());
    json.put("confidence", candidate.match().decision().confidence());
    json.put("accepted", candidate.isAccepted());
    json.put("language", candidate.match().language());
    ArrayNode steps = json.putArray("steps");
    for (Step step : candidate.match().steps()) {
      steps
          .addObject()
          .put("stage", lower(step.stage()))
          .put("result", lower(step.result()))
          .put("score", step.score())
          .put("words", step.words());
    }
  }

  private static void write(ObjectNode json, Decision decision) {
    json.put("number", decision.number());
    json.put("at", decision.at().toString());
    json.put("kind", lower(decision.kind()).replace('_', '-'));
    json.put("scope", decision.scope());
    json.put("scopeLabel", Scopes.label(decision.scope()));
    json.put("model", decision.model());
    json.put("question", decision.question());
    json.put("answer", decision.answer());
    json.put("tier", decision.tier());
    json.put("similarity", decision.similarity());
    json.put("confidence", decision.confidence());
    json.put("reason", decision.reason());
    ExactKey entry = decision.entry();
    json.put("entry", entry == null ? null : entry.hex());
    json.put("ageSeconds", decision.age() == null ? null : decision.age().toSeconds());
    json.put("savedMs", decision.savedTime().toMillis());
    json.put("savedDollars", decision.savedDollars());
    json.put("explained", decision.request() != null);
    Timings timings = decision.timings();
    if (timings != null) {
      json.put("totalMs", timings.total().toNanos() / 1e6);
      ObjectNode stages = json.putObject("stagesMs");
      timings.stages().forEach((stage, time) -> stages.put(lower(stage), time.toNanos() / 1e6));
    }
    NearMiss nearest = decision.nearest();
    if (nearest != null) {
      json.putObject("nearest")
          .put("entry", nearest.entry().hex())
          .put("question", nearest.question())
          .put("similarity", nearest.similarity().cosine())
          .put("confidence", nearest.confidence())
          .put("stage", lower(nearest.stage()))
          .put("why", nearest.why());
    }
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
