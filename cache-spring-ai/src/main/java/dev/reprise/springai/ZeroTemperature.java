package dev.reprise.springai;

import dev.reprise.integration.internal.RefusedTemperature;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/** Sets temperature 0 on a prompt, and recognises a model that refuses it. */
final class ZeroTemperature {
  private static final String TEMPERATURE = "temperature";

  private ZeroTemperature() {}

  /**
   * Returns a prompt whose options differ in the temperature alone; empty where the class of
   * options cannot be copied faithfully.
   */
  static Optional<Prompt> in(
      Prompt prompt, @Nullable ChatOptions defaults, ObjectMappings mappings) {
    try {
      ChatOptions options = prompt.getOptions() == null ? defaults : prompt.getOptions();
      if (options == null) {
        return Optional.of(
            new Prompt(prompt.getInstructions(), ChatOptions.builder().temperature(0.0).build()));
      }
      ChatOptions copy = SpringAi.atZero(options);
      Double set = copy.getTemperature();
      return set != null
              && set == 0
              && copy.getClass() == options.getClass()
              && others(copy, mappings).equals(others(options, mappings))
          ? Optional.of(new Prompt(prompt.getInstructions(), copy))
          : Optional.empty();
    } catch (RuntimeException | LinkageError e) {
      return Optional.empty();
    }
  }

  private static Map<String, @Nullable Object> others(
      ChatOptions options, ObjectMappings mappings) {
    Map<String, @Nullable Object> tree =
        new LinkedHashMap<>(EffectiveOptions.tree(options, mappings));
    tree.remove(TEMPERATURE);
    return tree;
  }

  /** Returns whether the model may have failed because it takes no temperature. */
  static boolean isRefused(Throwable failure) {
    return RefusedTemperature.isLikely(failure, cause -> OptionalInt.empty());
  }
}
