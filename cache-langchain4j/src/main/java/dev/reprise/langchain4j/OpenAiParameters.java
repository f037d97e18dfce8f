package dev.reprise.langchain4j;

import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.reprise.model.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps LangChain4j's own parameters for OpenAI. Loaded only where langchain4j-open-ai is there. */
final class OpenAiParameters {
  private OpenAiParameters() {}

  static ParametersMappers register(ParametersMappers mappers) {
    return mappers.with(OpenAiChatRequestParameters.class, OpenAiParameters::extras);
  }

  /*
   * "user", "store" and "metadata" name the caller and tell OpenAI what to keep. They do not shape the answer by intention, but
   * a server behind the same protocol may read them, so they are in the key as well.
   */
  private static JsonObject extras(OpenAiChatRequestParameters parameters) {
    Map<String, @Nullable Object> extras = new LinkedHashMap<>();
    put(extras, "max_completion_tokens", parameters.maxCompletionTokens());
    put(extras, "logit_bias", parameters.logitBias());
    put(extras, "parallel_tool_calls", parameters.parallelToolCalls());
    put(extras, "seed", parameters.seed());
    put(extras, "user", parameters.user());
    put(extras, "store", parameters.store());
    put(extras, "metadata", parameters.metadata());
    put(extras, "service_tier", parameters.serviceTier());
    put(extras, "reasoning_effort", parameters.reasoningEffort());
    put(extras, "logprobs", parameters.logprobs());
    put(extras, "top_logprobs", parameters.topLogprobs());
    // They are sent beside the fields above, so a temperature among them is the temperature.
    for (Map.Entry<String, Object> custom : parameters.customParameters().entrySet()) {
      if (extras.containsKey(custom.getKey())) {
        throw new IllegalArgumentException(
            "custom parameter '" + custom.getKey() + "' is set as a field of its own, too");
      }
      extras.put(custom.getKey(), custom.getValue());
    }
    return new JsonObject(extras);
  }

  private static void put(
      Map<String, @Nullable Object> extras, String name, @Nullable Object value) {
    if (value != null && !(value instanceof Map<?, ?> map && map.isEmpty())) {
      extras.put(name, value);
    }
  }
}
