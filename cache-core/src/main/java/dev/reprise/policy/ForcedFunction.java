package dev.reprise.policy;

import dev.reprise.model.CacheRequest;
import dev.reprise.model.Tool;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/*
 * Providers' names: tool_choice of OpenAI's chat and Responses and of Anthropic, OpenAI's older function_call, Gemini's toolConfig.
 */
/**
 * The one function that a request forces the model to call, to have its answer in the function's
 * arguments.
 *
 * @param schema the JSON schema of the arguments, or null where it is not known
 */
record ForcedFunction(@Nullable Object schema) {
  private static final String NAME = "name";

  /** Returns the function that {@code request} forces; empty where it forces none, or several. */
  static Optional<ForcedFunction> of(CacheRequest request) {
    Map<String, @Nullable Object> parameters = request.parameters().values();
    String name =
        name(request, parameters.get("tool_choice"))
            .or(() -> text(RequestedJson.member(parameters.get("function_call"), NAME)))
            .or(() -> ofGoogle(request, parameters))
            .orElse("");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Map<?, ?> declared = declared(request, parameters, name);
    // A custom tool takes free text.
    return "custom".equals(declared.get("type")) && declared.get("input_schema") == null
        ? Optional.empty()
        : Optional.of(new ForcedFunction(schema(declared)));
  }

  private static Optional<String> text(@Nullable Object value) {
    return value instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
  }

  private static Optional<String> only(CacheRequest request) {
    List<Tool> tools = request.tools();
    return tools.size() == 1 ? Optional.of(tools.get(0)).map(Tool::name) : Optional.empty();
  }

  private static Optional<String> name(CacheRequest request, @Nullable Object choice) {
    Object type = choice instanceof String text ? text : RequestedJson.member(choice, "type");
    if ("required".equals(type) || "any".equals(type)) {
      return only(request);
    }
    if ("function".equals(type) || "tool".equals(type)) {
      return text(RequestedJson.member(choice, NAME))
          .or(() -> text(member(RequestedJson.member(choice, "function"))));
    }
    if ("allowed_tools".equals(type)) {
      Object inner = RequestedJson.member(choice, "allowed_tools");
      Object allowed = inner == null ? choice : inner;
      return "required".equals(RequestedJson.member(allowed, "mode"))
              && RequestedJson.member(allowed, "tools") instanceof List<?> tools
              && tools.size() == 1
          ? name(request, tools.get(0))
          : Optional.empty();
    }
    return Optional.empty();
  }

  private static @Nullable Object member(@Nullable Object object) {
    return RequestedJson.member(object, NAME);
  }

  private static Optional<String> ofGoogle(
      CacheRequest request, Map<String, @Nullable Object> parameters) {
    Object config =
        RequestedJson.either(
            RequestedJson.either(parameters, "toolConfig", "tool_config"),
            "functionCallingConfig",
            "function_calling_config");
    if (!"ANY".equals(RequestedJson.member(config, "mode"))) {
      return Optional.empty();
    }
    return RequestedJson.either(config, "allowedFunctionNames", "allowed_function_names")
                instanceof List<?> names
            && !names.isEmpty()
        ? names.size() == 1 ? text(names.get(0)) : Optional.empty()
        : only(request);
  }

  /** Returns how the function is declared; an empty map where it is not. */
  private static Map<?, ?> declared(
      CacheRequest request, Map<String, @Nullable Object> parameters, String name) {
    for (Tool tool : request.tools()) {
      if (tool.name().equals(name)) {
        Map<String, @Nullable Object> definition = tool.definition().values();
        return definition.get("function") instanceof Map<?, ?> function ? function : definition;
      }
    }
    if (parameters.get("functions") instanceof List<?> functions) {
      for (Object function : functions) {
        if (function instanceof Map<?, ?> map && name.equals(map.get(NAME))) {
          return map;
        }
      }
    }
    return Map.of();
  }

  private static @Nullable Object schema(Map<?, ?> declared) {
    Object own = RequestedJson.either(declared, "input_schema", "parametersJsonSchema");
    if (own == null) {
      own = declared.get("parameters_json_schema");
    }
    // Google's schemas stand under the same name as OpenAI's, with types in upper case.
    return own == null ? GoogleSchema.translated(declared.get("parameters")) : own;
  }
}
