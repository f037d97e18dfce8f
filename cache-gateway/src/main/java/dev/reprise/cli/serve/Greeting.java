package dev.reprise.cli.serve;

import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.Mode;
import dev.reprise.policy.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a gateway says of its cache when it starts. It asks the policy itself, so that it says what
 * is so.
 *
 * @param policy decides about the chat
 * @param isByMeaning whether questions are compared by meaning
 */
record Greeting(CachePolicy policy, boolean isByMeaning) {
  private static final double HIGHEST = 2;

  /** Returns the lines. */
  List<String> lines() {
    Mode mode = policy.mode(request(OptionalDouble.empty())).orElse(Mode.LIVE);
    List<String> lines = new ArrayList<>();
    switch (mode) {
      case LIVE -> lines.addAll(cached());
      case SHADOW -> {
        lines.add(
            "Shadow mode: every request goes to the upstream, and no hit is served. ./reprise stats"
                + " and the dashboard show what --mode live would serve, and how often that would"
                + " be wrong.");
        lines.addAll(cached());
      }
      case OFF ->
          lines.add(
              "The cache is off (--mode off): every request goes to the upstream and is not looked up.");
    }
    return lines;
  }

  private List<String> cached() {
    boolean isAny = isCached(OptionalDouble.of(HIGHEST));
    boolean isUnset = isCached(OptionalDouble.empty());
    List<String> not = new ArrayList<>();
    if (!isUnset) {
      not.add("requests that set no temperature (--when-temperature-is-unset zero caches them)");
    }
    if (!isAny) {
      not.add("a temperature above the policy's (--max-temperature)");
    }
    not.add("creative, personal and time-bound questions");
    not.add("answers that are cut off, filtered, refused or failed");
    return List.of(
        "Cached: chat completions, responses, Anthropic's messages, Gemini's generateContent and"
            + " Ollama's chat and generate, "
            + (isAny
                ? "at any temperature"
                : isUnset ? "at temperature 0, or with none set" : "at temperature 0")
            + (isByMeaning
                ? ", for equal questions and for the same in other words; legacy completions and"
                    + " embeddings, for equal requests only."
                : "; legacy completions and embeddings: all for equal requests only."),
        "Not cached: " + String.join("; ", not) + ". The header X-Reprise-Reason says why.",
        "Passed through: every other path (models, files, images, audio, batches, token counts)."
            + " X-Reprise-Cache says \"passed\".");
  }

  private boolean isCached(OptionalDouble temperature) {
    return !(policy.plan(request(temperature)) instanceof Plan.Bypass);
  }

  private static CacheRequest request(OptionalDouble temperature) {
    CacheRequest.Builder request =
        CacheRequest.builder(Scope.of("greeting")).model("m").user("What is a cache?");
    temperature.ifPresent(request::temperature);
    return request.build();
  }
}
