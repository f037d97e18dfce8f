package dev.reprise.policy;

import static dev.reprise.policy.internal.JsonMembers.either;

import dev.reprise.model.CacheRequest;
import dev.reprise.model.Tool;
import dev.reprise.policy.internal.ForcedTool;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one function that a request forces the model to call, to have its answer in the function's
 * arguments.
 *
 * @param schema the JSON schema of the arguments, or null if it is not known
 */
record ForcedFunction(@Nullable Object schema) {
  /** Returns the function that {@code request} forces; empty if it forces none, or several. */
  static Optional<ForcedFunction> of(CacheRequest request) {
    // A custom tool takes free text.
    return ForcedTool.name(request)
        .<Map<?, ?>>map(name -> declared(request, request.parameters().values(), name))
        .filter(
            declared ->
                !"custom".equals(declared.get("type")) || declared.get("input_schema") != null)
        .map(declared -> new ForcedFunction(schema(declared)));
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
        if (function instanceof Map<?, ?> map && name.equals(map.get("name"))) {
          return map;
        }
      }
    }
    return Map.of();
  }

  private static @Nullable Object schema(Map<?, ?> declared) {
    Object own = either(declared, "input_schema", "parametersJsonSchema");
    if (own == null) {
      own = declared.get("parameters_json_schema");
    }
    // Google's schemas stand under the same name as OpenAI's, with types in upper case.
    return own == null ? GoogleSchema.translated(declared.get("parameters")) : own;
  }
}
