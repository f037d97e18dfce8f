package dev.reprise.springai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.model.TokenUsage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.metadata.EmptyUsage;
import org.springframework.ai.chat.metadata.Usage;

/** Token usage: for prices, and written down. */
final class Usages {
  private Usages() {}

  static TokenUsage tokens(@Nullable Usage usage) {
    return usage == null
            || isEmpty(usage)
            || usage.getPromptTokens() == null
            || usage.getCompletionTokens() == null
            || usage.getPromptTokens() < 0
            || usage.getCompletionTokens() < 0
        ? new TokenUsage.Unknown()
        : new TokenUsage.Known(usage.getPromptTokens(), usage.getCompletionTokens());
  }

  static boolean isEmpty(@Nullable Usage usage) {
    return usage == null || usage instanceof EmptyUsage;
  }

  /** Returns the form of {@code usage}; empty where nothing is known. */
  static Optional<ObjectNode> write(@Nullable Usage usage) {
    if (usage == null || isEmpty(usage)) {
      return Optional.empty();
    }
    ObjectNode tree = ValueCodec.json().createObjectNode();
    tree.put("prompt", usage.getPromptTokens());
    tree.put("completion", usage.getCompletionTokens());
    tree.put("total", usage.getTotalTokens());
    try {
      tree.put("cacheRead", usage.getCacheReadInputTokens());
      tree.put("cacheWrite", usage.getCacheWriteInputTokens());
    } catch (NoSuchMethodError e) {
      // Spring AI 1.1 has none.
      tree.remove("cacheRead");
    }
    try {
      if (usage.getNativeUsage() != null) {
        tree.set("native", ValueCodec.write(usage.getNativeUsage()));
      }
    } catch (ValueCodec.UnwritableException e) {
      // An object of a provider's SDK. Its numbers are in the other fields.
      tree.remove("native");
    }
    return Optional.of(tree);
  }

  /**
   * Returns the usage that {@code tree} is the form of.
   *
   * @param isZero whether its numbers are 0
   */
  static Usage read(JsonNode tree, boolean isZero) {
    if (isZero) {
      return new DefaultUsage(0, 0, 0);
    }
    JsonNode node = tree.get("native");
    Object own = node == null ? null : ValueCodec.read(node);
    Integer prompt = integer(tree, "prompt");
    Integer completion = integer(tree, "completion");
    Integer total = integer(tree, "total");
    if (tree.path("cacheRead").isNumber() || tree.path("cacheWrite").isNumber()) {
      try {
        return new DefaultUsage(
            prompt, completion, total, own, longer(tree, "cacheRead"), longer(tree, "cacheWrite"));
      } catch (NoSuchMethodError e) {
        // Written with Spring AI 2.0, read with 1.1.
        return new DefaultUsage(prompt, completion, total, own);
      }
    }
    return new DefaultUsage(prompt, completion, total, own);
  }

  private static @Nullable Integer integer(JsonNode tree, String name) {
    JsonNode node = tree.get(name);
    return node == null || node.isNull() ? null : Integer.valueOf(node.asInt());
  }

  private static @Nullable Long longer(JsonNode tree, String name) {
    JsonNode node = tree.get(name);
    return node == null || node.isNull() ? null : Long.valueOf(node.asLong());
  }
}
