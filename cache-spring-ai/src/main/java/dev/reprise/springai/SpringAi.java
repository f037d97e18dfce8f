package dev.reprise.springai;

import dev.reprise.integration.internal.UnmappableException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.content.Media;
import org.springframework.ai.model.tool.ToolCallingChatOptions;

/*
 * This module is compiled against Spring AI 2.0. What 1.1 has in another form is reached by reflection here, and nowhere else.
 */
/** The differences between Spring AI 1.1 and 2.0. */
final class SpringAi {
  /** Null in 1.1. */
  private static final @Nullable Method GET_OPTIONS = method(ChatModel.class, "getOptions");

  private static final @Nullable Method GET_DEFAULT_OPTIONS =
      method(ChatModel.class, "getDefaultOptions");
  private static final @Nullable Method COPY = method(ChatOptions.class, "copy");
  private static final @Nullable Method TOOL_NAMES =
      method(ToolCallingChatOptions.class, "getToolNames");
  private static final @Nullable Method INTERNAL =
      method(ToolCallingChatOptions.class, "getInternalToolExecutionEnabled");

  private SpringAi() {}

  private static @Nullable Method method(Class<?> type, String name, Class<?>... parameters) {
    try {
      return type.getMethod(name, parameters);
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  /**
   * Returns whether models merge their default options into those of a prompt, as in 1.1. From 2.0
   * on a prompt's options replace them.
   */
  static boolean mergesDefaults() {
    return GET_OPTIONS == null;
  }

  /** Returns the options of a model that are in force where a prompt has none. */
  static @Nullable ChatOptions defaultOptions(ChatModel model) {
    Method method = GET_OPTIONS == null ? GET_DEFAULT_OPTIONS : GET_OPTIONS;
    if (method == null) {
      throw new UnmappableException(
          "ChatModel has neither getOptions nor getDefaultOptions in this version of Spring AI");
    }
    return (ChatOptions) invoke(method, model);
  }

  /** Returns a copy of {@code options} with temperature 0. */
  static ChatOptions atZero(ChatOptions options) {
    if (COPY == null) {
      return options.mutate().temperature(0.0).build();
    }
    Object copy = invoke(COPY, options);
    if (copy == null || copy == options) {
      throw new UnmappableException(options.getClass().getName() + " is not copied");
    }
    Method setter;
    try {
      setter = copy.getClass().getMethod("setTemperature", Double.class);
    } catch (NoSuchMethodException e) {
      throw new UnmappableException(
          copy.getClass().getName() + " has no public method setTemperature(Double)");
    }
    invoke(setter, copy, 0.0);
    return (ChatOptions) copy;
  }

  /** Returns whether models run tools by themselves, unless they are told not to: in 1.1. */
  static boolean modelsRunTools() {
    return INTERNAL != null;
  }

  /** Returns whether the model runs tools by itself, or null where the options do not say. */
  static @Nullable Boolean runsTools(ToolCallingChatOptions options) {
    return INTERNAL == null ? Boolean.FALSE : (Boolean) invoke(INTERNAL, options);
  }

  /** Returns whether the options name tools whose definitions only the model can look up. */
  static boolean namesTools(ToolCallingChatOptions options) {
    return TOOL_NAMES != null
        && invoke(TOOL_NAMES, options) instanceof Iterable<?> names
        && names.iterator().hasNext();
  }

  /** Sets the data of a medium: bytes or a text. */
  static void data(Media.Builder medium, Object data) {
    // 1.1 has one method for any object, 2.0 one for each class.
    Class<?> type = data instanceof byte[] ? byte[].class : String.class;
    Method method = method(Media.Builder.class, "data", type);
    if (method == null) {
      method = method(Media.Builder.class, "data", Object.class);
    }
    if (method == null) {
      throw new UnmappableException("Media.Builder takes no data in this version of Spring AI");
    }
    invoke(method, medium, data);
  }

  private static @Nullable Object invoke(Method method, Object target, Object... arguments) {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getTargetException();
      if (cause instanceof RuntimeException runtime) {
        throw runtime;
      }
      if (cause instanceof Error error) {
        throw error;
      }
      throw new UnmappableException(
          method.getName() + " failed with " + cause.getClass().getName());
    } catch (IllegalAccessException e) {
      throw new UnmappableException(method.getName() + " of " + target.getClass() + " is not open");
    }
  }
}
