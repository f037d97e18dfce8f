package dev.reprise.policy;

import static dev.reprise.policy.internal.JsonMembers.either;
import static dev.reprise.policy.internal.JsonMembers.member;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.model.CacheRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Providers' names for the same wish: OpenAI's response_format, the Responses API's text.format, Anthropic's output_format and
 * output_config.format, Ollama's format, Gemini's generationConfig.responseMimeType, and a tool whose call is forced, whose arguments are
 * then the answer. A schema that the validator cannot read is not checked; that the answer is JSON is checked in any case.
 */
/**
 * The JSON that a request asks its answer to be.
 *
 * @param parameter which parameter asks for it, for people
 * @param schema the JSON schema, or null where anything of {@code shape} will do
 * @param shape what it has to be at least
 * @param isOne whether one value is asked for, and not one for each of several choices or calls
 */
record RequestedJson(String parameter, @Nullable Object schema, Shape shape, boolean isOne) {
  /** What a value has to be, whatever the schema says. */
  enum Shape {
    /** Any JSON. */
    ANY,
    /** An object or a list, which is what is meant by JSON mode. */
    CONTAINER
  }

  private static final Logger LOG = LoggerFactory.getLogger(RequestedJson.class);
  private static final Set<String> NAMES = Set.of("properties", "$defs", "definitions");
  private static final String STRUCTURED = "structured_outputs.json";
  private static final JsonMapper JSON = new JsonMapper();

  private static final SchemaValidator VALIDATOR = SchemaValidator.installed();

  /** Returns what {@code request} asks for; empty where any text will do. */
  static Optional<RequestedJson> of(CacheRequest request) {
    Map<String, @Nullable Object> parameters = request.parameters().values();
    return ForcedFunction.of(request)
        .map(function -> new RequestedJson("tool_choice", function.schema(), Shape.ANY, false))
        .or(() -> format("response_format", parameters.get("response_format")))
        .or(() -> format("text.format", member(parameters.get("text"), "format")))
        .or(() -> format("output_format", parameters.get("output_format")))
        .or(() -> format("output_config.format", member(parameters.get("output_config"), "format")))
        .or(() -> guided("guided_json", parameters.get("guided_json")))
        .or(() -> guided(STRUCTURED, member(parameters.get("structured_outputs"), "json")))
        .or(() -> guidedObject(parameters.get("structured_outputs")))
        .or(() -> guided("json_schema", parameters.get("json_schema")))
        .or(() -> grammar(parameters.get("grammar")))
        .or(() -> ollama(parameters.get("format")))
        .or(() -> gemini(parameters.get("generationConfig")))
        .map(json -> isSeveral(parameters) ? json.ofSeveral() : json);
  }

  /** Returns whether the answer has several texts, or may have. */
  static boolean isSeveral(Map<String, @Nullable Object> parameters) {
    return parameters.get("n") != null
        || either(parameters.get("generationConfig"), "candidateCount", "candidate_count") != null;
  }

  private RequestedJson ofSeveral() {
    return new RequestedJson(parameter, schema, shape, false);
  }

  private static Optional<RequestedJson> format(String parameter, @Nullable Object format) {
    Object type = member(format, "type");
    if ("json_object".equals(type)) {
      return Optional.of(
          new RequestedJson(parameter, member(format, "schema"), Shape.CONTAINER, true));
    }
    if ("json_schema".equals(type)) {
      Object schema = member(member(format, "json_schema"), "schema");
      return Optional.of(
          new RequestedJson(
              parameter, schema == null ? member(format, "schema") : schema, Shape.ANY, true));
    }
    return Optional.empty();
  }

  /** The schema of a server like vLLM, SGLang or llama.cpp, which some clients write as text. */
  private static Optional<RequestedJson> guided(String parameter, @Nullable Object schema) {
    if (schema instanceof String text) {
      return Optional.of(new RequestedJson(parameter, parsed(text), Shape.ANY, true));
    }
    return schema instanceof Map<?, ?>
        ? Optional.of(new RequestedJson(parameter, schema, Shape.ANY, true))
        : Optional.empty();
  }

  private static @Nullable Object parsed(String schema) {
    try {
      return JSON.convertValue(JSON.readTree(schema), Object.class);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static Optional<RequestedJson> guidedObject(@Nullable Object structured) {
    return Boolean.TRUE.equals(member(structured, "json_object"))
        ? Optional.of(new RequestedJson(STRUCTURED, null, Shape.CONTAINER, true))
        : Optional.empty();
  }

  /** The grammar of Text Generation Inference, which may be a schema. */
  private static Optional<RequestedJson> grammar(@Nullable Object grammar) {
    Object type = member(grammar, "type");
    return "json".equals(type) || "json_object".equals(type)
        ? guided("grammar", member(grammar, "value"))
        : Optional.empty();
  }

  private static Optional<RequestedJson> ollama(@Nullable Object format) {
    if ("json".equals(format)) {
      return Optional.of(new RequestedJson("format", null, Shape.CONTAINER, true));
    }
    return format instanceof Map<?, ?> schema && schema.containsKey("type")
        ? Optional.of(new RequestedJson("format", schema, Shape.ANY, true))
        : Optional.empty();
  }

  private static Optional<RequestedJson> gemini(@Nullable Object config) {
    if (!"application/json".equals(either(config, "responseMimeType", "response_mime_type"))) {
      return Optional.empty();
    }
    Object schema = either(config, "responseJsonSchema", "response_json_schema");
    if (schema == null) {
      schema = GoogleSchema.translated(either(config, "responseSchema", "response_schema"));
    }
    return Optional.of(
        new RequestedJson("generationConfig.responseMimeType", schema, Shape.ANY, true));
  }

  /** Returns in what {@code value} does not satisfy the schema; empty where it does. */
  Optional<String> fault(JsonNode value) {
    if (shape == Shape.CONTAINER && !value.isContainerNode()) {
      return Optional.of("the answer is no JSON object, which '" + parameter + "' asks for");
    }
    if (schema == null) {
      return Optional.empty();
    }
    try {
      return VALIDATOR
          .fault(withoutPatterns(JSON.valueToTree(schema), false), value)
          .map(
              location ->
                  "the answer does not satisfy the schema of '" + parameter + "' at " + location);
    } catch (RuntimeException | StackOverflowError e) {
      LOG.debug("A schema could not be used to check an answer", e);
      return Optional.empty();
    }
  }

  /** A caller's regular expression could run for hours. */
  private static JsonNode withoutPatterns(JsonNode schema, boolean areNames) {
    if (schema instanceof ObjectNode object) {
      if (!areNames) {
        object.remove(List.of("pattern", "patternProperties"));
      }
      for (Map.Entry<String, JsonNode> member : object.properties()) {
        withoutPatterns(member.getValue(), !areNames && NAMES.contains(member.getKey()));
      }
    } else {
      schema.forEach(element -> withoutPatterns(element, false));
    }
    return schema;
  }
}
