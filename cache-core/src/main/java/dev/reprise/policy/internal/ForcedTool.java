package dev.reprise.policy.internal;

import static dev.reprise.policy.internal.JsonMembers.either;
import static dev.reprise.policy.internal.JsonMembers.member;

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
 * The one tool that a request forces the model to call. The call is the answer that the caller
 * wants. It is not the model's choice to act.
 */
public final class ForcedTool {
  private static final String NAME = "name";

  private ForcedTool() {}

  /** Returns the name of the tool that {@code request} forces; empty if it forces none. */
  public static Optional<String> name(CacheRequest request) {
    Map<String, @Nullable Object> parameters = request.parameters().values();
    return chosen(request, parameters.get("tool_choice"))
        .or(() -> text(member(parameters.get("function_call"), NAME)))
        .or(() -> ofGoogle(request, parameters));
  }

  private static Optional<String> text(@Nullable Object value) {
    return value instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
  }

  private static Optional<String> only(CacheRequest request) {
    List<Tool> tools = request.tools();
    return tools.size() == 1 ? Optional.of(tools.get(0)).map(Tool::name) : Optional.empty();
  }

  private static Optional<String> chosen(CacheRequest request, @Nullable Object choice) {
    Object type = choice instanceof String text ? text : member(choice, "type");
    if (!(type instanceof String kind)) {
      return Optional.empty();
    }
    return switch (kind) {
      case "required", "any" -> only(request);
      case "function", "custom", "tool" ->
          text(member(choice, NAME)).or(() -> text(member(member(choice, "function"), NAME)));
      case "allowed_tools" -> oneAllowed(request, choice);
      default -> Optional.empty();
    };
  }

  /** The Responses API has the list in the choice, the chat API one level deeper. */
  private static Optional<String> oneAllowed(CacheRequest request, @Nullable Object choice) {
    Object inner = member(choice, "allowed_tools");
    Object allowed = inner == null ? choice : inner;
    return "required".equals(member(allowed, "mode"))
            && member(allowed, "tools") instanceof List<?> tools
            && tools.size() == 1
        ? chosen(request, tools.get(0))
        : Optional.empty();
  }

  private static Optional<String> ofGoogle(
      CacheRequest request, Map<String, @Nullable Object> parameters) {
    Object config =
        either(
            either(parameters, "toolConfig", "tool_config"),
            "functionCallingConfig",
            "function_calling_config");
    if (!"ANY".equals(member(config, "mode"))) {
      return Optional.empty();
    }
    return either(config, "allowedFunctionNames", "allowed_function_names") instanceof List<?> names
            && !names.isEmpty()
        ? names.size() == 1 ? text(names.get(0)) : Optional.empty()
        : only(request);
  }
}
