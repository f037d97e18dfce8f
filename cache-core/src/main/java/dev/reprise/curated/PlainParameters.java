package dev.reprise.curated;

import dev.reprise.model.JsonObject;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parameters that leave the answer a text of the assistant's. */
final class PlainParameters {
  /** Begins the names that the gateway itself sets: headers, path and query. */
  private static final String OF_GATEWAY = "@";

  /** How the model samples, how long it thinks, how much it may write, and for whom. */
  private static final Set<String> ANY_VALUE =
      Set.of(
          "frequency_penalty",
          "max_completion_tokens",
          "max_output_tokens",
          "max_tokens",
          "metadata",
          "min_p",
          "parallel_tool_calls",
          "presence_penalty",
          "reasoning",
          "reasoning_effort",
          "repetition_penalty",
          "safetySettings",
          "safety_identifier",
          "seed",
          "service_tier",
          "store",
          "temperature",
          "think",
          "thinking",
          "top_k",
          "top_p",
          "truncation",
          "typical_p",
          "user",
          "verbosity");

  /** What Spring AI's options have besides: their class, and how they are sent. */
  private static final Set<String> OF_FRAMEWORKS =
      Set.of(
          "internal_tool_execution_enabled",
          "model",
          "options_class",
          "stream_options",
          "stream_usage");

  /** Of Ollama's options. */
  private static final Set<String> OPTIONS =
      Set.of(
          "frequency_penalty",
          "main_gpu",
          "min_p",
          "mirostat",
          "mirostat_eta",
          "mirostat_tau",
          "num_batch",
          "num_ctx",
          "num_gpu",
          "num_keep",
          "num_predict",
          "num_thread",
          "presence_penalty",
          "repeat_last_n",
          "repeat_penalty",
          "seed",
          "tfs_z",
          "top_k",
          "top_p",
          "typical_p",
          "use_mmap");

  /** Of Gemini's generationConfig. */
  private static final Set<String> GENERATION =
      Set.of(
          "frequencyPenalty",
          "maxOutputTokens",
          "presencePenalty",
          "seed",
          "thinkingConfig",
          "topK",
          "topP");

  private PlainParameters() {}

  /** Returns whether a text answers a request with {@code parameters}. */
  static boolean areIn(JsonObject parameters) {
    return parameters.values().entrySet().stream()
        .allMatch(parameter -> isPlain(parameter.getKey(), parameter.getValue()));
  }

  private static boolean isPlain(String name, @Nullable Object value) {
    return value == null
        || isEmpty(value)
        || name.startsWith(OF_GATEWAY)
        || ANY_VALUE.contains(name)
        || OF_FRAMEWORKS.contains(name)
        || switch (name) {
          case "options" -> hasOnly(value, OPTIONS);
          case "generationConfig" -> isGeneration(value);
          case "text" -> isText(value);
          case "response_format" -> isTextFormat(value);
          case "prompt_options", "default_options" -> arePlain(value);
          case "tool_choice" -> value.equals("none") || value.equals("auto");
          default -> false;
        };
  }

  private static boolean isEmpty(Object value) {
    return (value instanceof Collection<?> collection && collection.isEmpty())
        || (value instanceof Map<?, ?> map && map.isEmpty());
  }

  private static boolean arePlain(Object options) {
    return options instanceof Map<?, ?> object
        && object.entrySet().stream()
            .allMatch(member -> isPlain(String.valueOf(member.getKey()), member.getValue()));
  }

  private static boolean hasOnly(Object value, Set<String> names) {
    return value instanceof Map<?, ?> object && names.containsAll(object.keySet());
  }

  private static boolean isGeneration(Object value) {
    return value instanceof Map<?, ?> object
        && object.entrySet().stream()
            .allMatch(
                member ->
                    GENERATION.contains(member.getKey())
                        || ("responseMimeType".equals(member.getKey())
                            && "text/plain".equals(member.getValue())));
  }

  private static boolean isText(Object value) {
    return value instanceof Map<?, ?> object
        && object.entrySet().stream()
            .allMatch(
                member ->
                    "verbosity".equals(member.getKey())
                        || ("format".equals(member.getKey()) && isTextFormat(member.getValue())));
  }

  private static boolean isTextFormat(@Nullable Object format) {
    return format instanceof Map<?, ?> object
        && object.size() == 1
        && "text".equals(object.get("type"));
  }
}
