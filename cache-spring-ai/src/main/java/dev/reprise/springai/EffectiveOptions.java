package dev.reprise.springai;

import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.JsonObject;
import dev.reprise.model.Tool;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;

/*
 * Each provider's model merges its default options with those of a prompt in a way of its own. A key must not depend on knowing how. So
 * where a prompt has options that differ from the defaults, both are in the key, whole, beside the merged view that people and the policy
 * read: two requests with the same two sets of options have the same options in force, whatever the model makes of them.
 */
/**
 * The options of one request.
 *
 * @param model the model's name in force, or null
 * @param parameters everything else, for the key
 * @param tools what the model may call
 */
record EffectiveOptions(@Nullable String model, JsonObject parameters, List<Tool> tools) {
  /**
   * Fields that are not in a key. None of them shapes an answer: what tools read while the caller
   * runs them, how the model is reached, and with whose credentials (the scope says who may share).
   */
  static final Set<String> NOT_IN_KEY =
      Set.of("toolContext", "apiKey", "credential", "timeout", "maxRetries", "proxy");

  private static final String TOOL_CALLBACKS = "tool_callbacks";

  /**
   * Reads the options in force.
   *
   * @param own the prompt's, or null
   * @param defaults the model's, or null
   * @throws UnmappableException if something of them cannot be mapped, or the model runs tools by
   *     itself
   */
  static EffectiveOptions of(
      @Nullable ChatOptions own, @Nullable ChatOptions defaults, ObjectMappings mappings) {
    boolean merges = SpringAi.mergesDefaults();
    requireToolsRunByCaller(own, merges || own == null ? defaults : null);
    Map<String, @Nullable Object> ownTree = own == null ? Map.of() : tree(own, mappings);
    Map<String, @Nullable Object> defaultTree =
        defaults == null ? Map.of() : tree(defaults, mappings);
    boolean isOverridden = own != null && !ownTree.equals(defaultTree);
    Map<String, @Nullable Object> merged = new LinkedHashMap<>();
    if (own == null || merges) {
      merged.putAll(defaultTree);
    }
    ownTree.forEach(
        (name, value) -> {
          if (!isEmpty(value)) {
            merged.put(name, value);
          }
        });
    merged.remove(TOOL_CALLBACKS);
    Double temperature = temperature(own, defaults, merges);
    merged.remove(CacheRequest.TEMPERATURE);
    if (temperature != null) {
      merged.put(CacheRequest.TEMPERATURE, temperature);
    }
    if (isOverridden) {
      merged.put("prompt_options", withoutTemperature(ownTree, temperature));
      merged.put("default_options", withoutTemperature(defaultTree, temperature));
    }
    return new EffectiveOptions(
        model(own, defaults, merges), new JsonObject(merged), tools(own, defaults, merges));
  }

  /** The temperature in force has its own place, so the policy may set it. */
  private static Map<String, @Nullable Object> withoutTemperature(
      Map<String, @Nullable Object> tree, @Nullable Double temperature) {
    if (temperature == null) {
      return tree;
    }
    Map<String, @Nullable Object> copy = new LinkedHashMap<>(tree);
    copy.remove(CacheRequest.TEMPERATURE);
    return copy;
  }

  static Map<String, @Nullable Object> tree(ChatOptions options, ObjectMappings mappings) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("options_class", options.getClass().getName());
    tree.putAll(
        mappings
            .map(options)
            .map(JsonObject::values)
            .orElseGet(() -> new ObjectTree(mappings).fields(options, NOT_IN_KEY)));
    return tree;
  }

  private static boolean isEmpty(@Nullable Object value) {
    return value == null
        || (value instanceof Collection<?> collection && collection.isEmpty())
        || (value instanceof Map<?, ?> map && map.isEmpty());
  }

  private static @Nullable Double temperature(
      @Nullable ChatOptions own, @Nullable ChatOptions defaults, boolean merges) {
    Double temperature = own == null ? null : own.getTemperature();
    return temperature == null && defaults != null && (own == null || merges)
        ? defaults.getTemperature()
        : temperature;
  }

  private static @Nullable String model(
      @Nullable ChatOptions own, @Nullable ChatOptions defaults, boolean merges) {
    String model = own == null ? null : own.getModel();
    return model == null && defaults != null && (own == null || merges)
        ? defaults.getModel()
        : model;
  }

  // --- tools ------------------------------------------------------------------------------------

  private static List<Tool> tools(
      @Nullable ChatOptions own, @Nullable ChatOptions defaults, boolean merges) {
    List<ToolCallback> tools = callbacks(own);
    if (tools.isEmpty() && (own == null || merges)) {
      tools = callbacks(defaults);
    }
    return tools.stream().map(Tools::tool).toList();
  }

  private static List<ToolCallback> callbacks(@Nullable ChatOptions options) {
    List<ToolCallback> callbacks =
        options instanceof ToolCallingChatOptions calling ? calling.getToolCallbacks() : null;
    return callbacks == null ? List.of() : callbacks;
  }

  /**
   * In Spring AI 1.1 a model runs tools within its call: its answer depends on what they return,
   * and running them may be the purpose. Nothing of that is in a request.
   */
  private static void requireToolsRunByCaller(
      @Nullable ChatOptions own, @Nullable ChatOptions defaults) {
    boolean hasNames = namesTools(own) || namesTools(defaults);
    if (!hasNames && callbacks(own).isEmpty() && callbacks(defaults).isEmpty()) {
      return;
    }
    if (hasNames) {
      throw new UnmappableException(
          "the options name tools, whose definitions only the model can look up; give them as tool"
              + " callbacks");
    }
    if (SpringAi.modelsRunTools()) {
      Boolean runs = runsTools(own) == null ? runsTools(defaults) : runsTools(own);
      if (!Boolean.FALSE.equals(runs)) {
        throw new UnmappableException(
            "the model runs tools within its call, and its answer depends on their results; set"
                + " internalToolExecutionEnabled to false and run them with ToolCallAdvisor");
      }
    }
  }

  private static boolean namesTools(@Nullable ChatOptions options) {
    return options instanceof ToolCallingChatOptions calling && SpringAi.namesTools(calling);
  }

  private static @Nullable Boolean runsTools(@Nullable ChatOptions options) {
    return options instanceof ToolCallingChatOptions calling ? SpringAi.runsTools(calling) : null;
  }
}
