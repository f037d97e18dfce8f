package dev.reprise.spring.boot;

import dev.reprise.engine.LookupExplanation;
import dev.reprise.match.MatchExplanation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Explanations, as the endpoint writes them. */
final class Explanations {
  private Explanations() {}

  static Map<String, Object> json(LookupExplanation explanation) {
    Map<String, Object> json = new LinkedHashMap<>();
    explanation
        .bypass()
        .ifPresent(
            reason ->
                json.put(
                    "bypass", Map.of("code", lower(reason.code()), "detail", reason.detail())));
    explanation.key().ifPresent(key -> json.put("key", key.hex()));
    explanation.exactTier().ifPresent(tier -> json.put("exactHitIn", tier));
    explanation.compared().ifPresent(form -> json.put("compared", form));
    if (!explanation.note().isEmpty()) {
      json.put("note", explanation.note());
    }
    List<Map<String, Object>> candidates = new ArrayList<>();
    for (LookupExplanation.Candidate candidate : explanation.candidates()) {
      candidates.add(candidate(candidate));
    }
    json.put("candidates", candidates);
    return json;
  }

  private static Map<String, Object> candidate(LookupExplanation.Candidate candidate) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("entry", candidate.entry().hex());
    json.put("question", candidate.question());
    json.put("cosine", candidate.similarity().cosine());
    json.put("accepted", candidate.isAccepted());
    List<Map<String, Object>> steps = new ArrayList<>();
    for (MatchExplanation.Step step : candidate.match().steps()) {
      steps.add(
          Map.of(
              "stage", lower(step.stage()), "result", lower(step.result()), "words", step.words()));
    }
    json.put("steps", steps);
    return json;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
