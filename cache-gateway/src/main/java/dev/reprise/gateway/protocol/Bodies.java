package dev.reprise.gateway.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.request.CallContext;
import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.ContentHash;
import dev.reprise.model.Part;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** Reads what the bodies of several endpoints have in common. Pure. */
public final class Bodies {
  /** Helps the provider to cache the prompt, and does not shape the answer: {@value}. */
  public static final String PROMPT_CACHE_KEY = "prompt_cache_key";

  /** Helps the provider to cache the prompt, and does not shape the answer: {@value}. */
  public static final String PROMPT_CACHE_RETENTION = "prompt_cache_retention";

  /**
   * Marks where the provider's own cache begins or ends, and does not shape the answer: {@value}.
   */
  public static final String CACHE_CONTROL = "cache_control";

  private Bodies() {}

  /** What providers document as optional: null is the same as nothing. */
  private static final Set<String> OPTIONAL =
      Set.of(
          "audio",
          "background",
          "best_of",
          "container",
          "context_management",
          "conversation",
          "echo",
          "frequency_penalty",
          "function_call",
          "functions",
          "guided_choice",
          "guided_grammar",
          "guided_json",
          "guided_regex",
          "include",
          "instructions",
          "logit_bias",
          "logprobs",
          "max_completion_tokens",
          "max_output_tokens",
          "max_tokens",
          "max_tool_calls",
          "mcp_servers",
          "metadata",
          "min_p",
          "modalities",
          "n",
          "output_config",
          "output_format",
          "parallel_tool_calls",
          "prediction",
          "presence_penalty",
          "previous_response_id",
          "prompt",
          "reasoning",
          "reasoning_effort",
          "repetition_penalty",
          "response_format",
          "safety_identifier",
          "seed",
          "service_tier",
          "stop",
          "stop_sequences",
          "store",
          "structured_outputs",
          "suffix",
          "temperature",
          "text",
          "thinking",
          "tool_choice",
          "tools",
          "top_k",
          "top_logprobs",
          "top_p",
          "truncation",
          "user",
          "verbosity",
          "web_search_options");

  /** Puts every member of {@code body} but {@code less} among the parameters. */
  public static void parameters(ObjectNode body, Set<String> less, CacheRequest.Builder request) {
    Json.values(body, less)
        .values()
        .forEach(
            (name, value) -> {
              if (name.startsWith(CallContext.OWN_PREFIX)) {
                throw new UnmappableException(
                    "the body has a member whose name begins with " + CallContext.OWN_PREFIX);
              }
              JsonNode given = body.path(name);
              if (name.equals("stop") && given.isTextual()) {
                // One word is a list of one word.
                request.parameter(name, List.of(given.textValue()));
              } else if (!saysNothing(name, given, body)) {
                request.parameter(name, value);
              }
            });
  }

  /** Returns whether a member says what holds without it: a default that the API documents. */
  private static boolean saysNothing(String name, JsonNode value, ObjectNode body) {
    return switch (name) {
          case "n", "top_p", "best_of" -> is(value, BigDecimal.ONE);
          case "presence_penalty", "frequency_penalty" -> is(value, BigDecimal.ZERO);
          case "top_logprobs" -> is(value, BigDecimal.ZERO);
          case "logprobs", "echo", "background" -> value.isBoolean() && !value.booleanValue();
          case "tool_choice", "function_call" ->
              isUsualChoice(value) || (!hasTools(body) && value.asText("").equals("none"));
          case "thinking" -> value.size() == 1 && value.path("type").asText("").equals("disabled");
          case "reasoning" -> value.isObject() && value.isEmpty();
          // The chat keeps nothing by default, and the Responses API everything.
          case "store" -> value.isBoolean() && value.booleanValue() == body.has("input");
          case "truncation" -> value.asText("").equals("disabled");
          case "encoding_format" -> value.asText("").equals("float");
          case "modalities" -> value.size() == 1 && value.path(0).asText("").equals("text");
          case "stop", "functions", "stop_sequences", "mcp_servers" ->
              value.isArray() && value.isEmpty();
          case "metadata" -> value.isObject() && value.isEmpty();
          case "service_tier" -> value.asText("").equals("auto");
          case "parallel_tool_calls" -> value.isBoolean() && (!hasTools(body) || value.asBoolean());
          case "response_format" -> isPlainText(value);
          case "text" ->
              (value.isObject() && value.isEmpty())
                  || (value.size() == 1 && isPlainText(value.path("format")));
          case "logit_bias" -> value.isObject() && value.isEmpty();
          case "include" -> value.isArray() && value.isEmpty();
          default -> false;
        }
        || (value.isNull() && OPTIONAL.contains(name));
  }

  /** The model chooses. */
  private static boolean isUsualChoice(JsonNode choice) {
    String word =
        choice.isObject() && choice.size() == 1
            ? choice.path("type").asText("")
            : choice.asText("");
    return word.equals("auto");
  }

  private static boolean is(JsonNode value, BigDecimal number) {
    return value.isNumber() && value.decimalValue().compareTo(number) == 0;
  }

  private static boolean hasTools(ObjectNode body) {
    return !body.path("tools").isEmpty() || !body.path("functions").isEmpty();
  }

  private static boolean isPlainText(JsonNode format) {
    return format.size() == 1 && format.path("type").asText("").equals("text");
  }

  /** Returns {@code object} without the mark of the provider's own cache. */
  public static ObjectNode unmarked(ObjectNode object) {
    if (!object.has(CACHE_CONTROL)) {
      return object;
    }
    ObjectNode less = object.deepCopy();
    less.remove(CACHE_CONTROL);
    return less;
  }

  /** Returns where a content is: at an address, or in a data URL (RFC 2397). */
  public static Part.MediaSource located(String url) {
    return url.startsWith("data:") ? inline(url) : new Part.Remote(url);
  }

  /**
   * Returns a content that is in the body. Its hash is that of the text by which it is written: two
   * texts that some decoder reads alike, another does not.
   */
  public static Part.Inline inline(String data) {
    String mediaType = "application/octet-stream";
    String content = data;
    int comma = data.indexOf(',');
    if (data.startsWith("data:") && comma > 0) {
      mediaType = data.substring(0, comma);
      content = data.substring(comma + 1);
    }
    return new Part.Inline(ContentHash.of(content.getBytes(StandardCharsets.UTF_8)), mediaType);
  }

  /**
   * Checks that {@code body} says plainly whether it wants a stream.
   *
   * @throws UnmappableException if it does not
   */
  public static void checkStream(ObjectNode body) {
    JsonNode stream = body.path("stream");
    if (!stream.isMissingNode() && !stream.isNull() && !stream.isBoolean()) {
      throw new UnmappableException("stream is neither true nor false");
    }
  }

  /**
   * Returns {@code node}, which is an object.
   *
   * @throws UnmappableException if it is none; the message begins with {@code what}
   */
  public static ObjectNode object(JsonNode node, String what) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new UnmappableException(what + " is not an object");
  }

  /**
   * Returns the text of member {@code name}.
   *
   * @throws UnmappableException if it is missing, blank or no text
   */
  public static String text(JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null || !value.isTextual() || value.textValue().isBlank()) {
      throw new UnmappableException("\"" + name + "\" is missing or not a text");
    }
    return value.textValue();
  }
}
