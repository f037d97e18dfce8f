package dev.reprise.policy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.model.CacheRequest;
import dev.reprise.model.JsonObject;
import dev.reprise.model.Scope;
import dev.reprise.model.Tool;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ForcedToolTest {
  private static final Map<String, Object> SAVE = Map.of("type", "function", "name", "save");

  static List<Arguments> forced() {
    return List.of(
        Arguments.of("tool_choice", "required"),
        Arguments.of("tool_choice", "any"),
        Arguments.of("tool_choice", Map.of("type", "any")),
        Arguments.of("tool_choice", Map.of("type", "tool", "name", "save")),
        Arguments.of("tool_choice", Map.of("type", "custom", "name", "save")),
        Arguments.of("tool_choice", SAVE),
        Arguments.of("tool_choice", nested(SAVE)),
        Arguments.of("tool_choice", allowed("required", List.of(SAVE))),
        Arguments.of(
            "tool_choice",
            Map.of(
                "type",
                "allowed_tools",
                "allowed_tools",
                allowed("required", List.of(nested(SAVE))))),
        Arguments.of("function_call", Map.of("name", "save")),
        Arguments.of("toolConfig", google("ANY", Map.of())),
        Arguments.of("toolConfig", google("ANY", Map.of("allowedFunctionNames", List.of("save")))),
        Arguments.of(
            "tool_config",
            Map.of(
                "function_calling_config",
                Map.of("mode", "ANY", "allowed_function_names", List.of("save")))));
  }

  @ParameterizedTest
  @MethodSource("forced")
  void theOneToolIsForced(String parameter, Object value) {
    assertThat(ForcedTool.name(request(parameter, value, "save"))).contains("save");
  }

  static List<Arguments> free() {
    return List.of(
        Arguments.of("tool_choice", "auto"),
        Arguments.of("tool_choice", "none"),
        Arguments.of("tool_choice", true),
        Arguments.of("tool_choice", Map.of("type", "function")),
        Arguments.of("tool_choice", Map.of("type", "function", "name", " ")),
        Arguments.of("tool_choice", Map.of("type", "web_search")),
        Arguments.of("tool_choice", allowed("auto", List.of(SAVE))),
        Arguments.of("tool_choice", allowed("required", List.of(SAVE, SAVE))),
        Arguments.of("tool_choice", allowed("required", List.of())),
        Arguments.of("function_call", "auto"),
        Arguments.of("toolConfig", google("AUTO", Map.of("allowedFunctionNames", List.of("save")))),
        Arguments.of(
            "toolConfig", google("ANY", Map.of("allowedFunctionNames", List.of("save", "mail")))),
        Arguments.of("temperature", 0.0));
  }

  @ParameterizedTest
  @MethodSource("free")
  void noToolIsForced(String parameter, Object value) {
    assertThat(ForcedTool.name(request(parameter, value, "save"))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("ofSeveral")
  void ofSeveralToolsNoneIsForced(String parameter, Object value) {
    assertThat(ForcedTool.name(request(parameter, value, "save", "mail"))).isEmpty();
  }

  static List<Arguments> ofSeveral() {
    return List.of(
        Arguments.of("tool_choice", "required"),
        Arguments.of("tool_choice", Map.of("type", "any")),
        Arguments.of("toolConfig", google("ANY", Map.of())));
  }

  private static Map<String, Object> nested(Map<String, Object> choice) {
    return Map.of("type", "function", "function", Map.of("name", choice.get("name")));
  }

  private static Map<String, Object> allowed(String mode, List<Map<String, Object>> tools) {
    return Map.of("type", "allowed_tools", "mode", mode, "tools", tools);
  }

  private static Map<String, Object> google(String mode, Map<String, Object> names) {
    Map<String, Object> config = new HashMap<>(names);
    config.put("mode", mode);
    return Map.of("functionCallingConfig", config);
  }

  private static CacheRequest request(String parameter, Object value, String... tools) {
    CacheRequest.Builder request =
        CacheRequest.builder(Scope.of("app")).user("Who is it?").parameter(parameter, value);
    for (String tool : tools) {
      request.tool(new Tool(tool, JsonObject.empty()));
    }
    return request.build();
  }
}
