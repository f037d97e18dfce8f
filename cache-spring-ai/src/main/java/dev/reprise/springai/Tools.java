package dev.reprise.springai;

import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.model.JsonObject;
import dev.reprise.model.Tool;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;
import org.springframework.ai.tool.metadata.ToolMetadata;

/** Maps tools into keys: what the model is told of them, not what they do. */
final class Tools {
  private static final Set<String> DEFINITION = Set.of("name", "description", "inputSchema");
  private static final Set<String> METADATA = Set.of("returnDirect");

  /** What this version of Spring AI says of tools that is not known here. */
  private static final List<String> UNKNOWN = unknown();

  private Tools() {}

  private static List<String> unknown() {
    List<String> unknown = new ArrayList<>();
    addUnknown(unknown, ToolDefinition.class, DEFINITION);
    addUnknown(unknown, ToolMetadata.class, METADATA);
    return List.copyOf(unknown);
  }

  private static void addUnknown(List<String> unknown, Class<?> type, Set<String> known) {
    for (Method method : type.getMethods()) {
      if (!Modifier.isStatic(method.getModifiers())
          && method.getParameterCount() == 0
          && !known.contains(method.getName())) {
        unknown.add(type.getSimpleName() + "." + method.getName());
      }
    }
  }

  static Tool tool(ToolCallback callback) {
    Map<String, @Nullable Object> tree = tree(callback);
    Object name = tree.remove("name");
    return new Tool(String.valueOf(name), new JsonObject(tree));
  }

  static Map<String, @Nullable Object> tree(ToolCallback callback) {
    if (!UNKNOWN.isEmpty()) {
      throw new UnmappableException(
          "tools have " + UNKNOWN + ", which this version of the cache does not know");
    }
    ToolDefinition definition = callback.getToolDefinition();
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("name", definition.name());
    tree.put("description", definition.description());
    // Its text, since the order of members in a schema may shape an answer.
    tree.put("input_schema", definition.inputSchema());
    if (callback.getToolMetadata().returnDirect()) {
      tree.put("return_direct", true);
    }
    return tree;
  }
}
