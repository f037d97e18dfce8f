package dev.reprise.springai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.integration.internal.UnmappableException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.ChatOptions;

/**
 * Every option of every provider's class is in the key, or the request bypasses the cache, or the
 * option is on the short list of those that shape no answer.
 */
class ProviderOptionsTest {
  private static final List<String> CLASSES =
      List.of(
          "org.springframework.ai.chat.prompt.DefaultChatOptions",
          "org.springframework.ai.model.tool.DefaultToolCallingChatOptions",
          "org.springframework.ai.model.tool.DefaultStructuredOutputChatOptions",
          "org.springframework.ai.anthropic.AnthropicChatOptions",
          "org.springframework.ai.azure.openai.AzureOpenAiChatOptions",
          "org.springframework.ai.bedrock.converse.BedrockChatOptions",
          "org.springframework.ai.deepseek.DeepSeekChatOptions",
          "org.springframework.ai.google.genai.GoogleGenAiChatOptions",
          "org.springframework.ai.minimax.MiniMaxChatOptions",
          "org.springframework.ai.mistralai.MistralAiChatOptions",
          "org.springframework.ai.oci.cohere.OCICohereChatOptions",
          "org.springframework.ai.ollama.api.OllamaChatOptions",
          "org.springframework.ai.openai.OpenAiChatOptions",
          "org.springframework.ai.openaisdk.OpenAiSdkChatOptions",
          "org.springframework.ai.vertexai.gemini.VertexAiGeminiChatOptions",
          "org.springframework.ai.zhipuai.ZhiPuAiChatOptions");

  private static final boolean IS_FIRST =
      List.of(ChatModel.class.getMethods()).stream()
          .noneMatch(method -> method.getName().equals("getOptions"));

  static List<Class<?>> types() {
    List<Class<?>> types = new ArrayList<>();
    for (String name : CLASSES) {
      try {
        types.add(Class.forName(name));
      } catch (ClassNotFoundException e) {
        // Not every provider has an artifact for each version.
      }
    }
    return types;
  }

  @Test
  void theProvidersAreThere() {
    assertThat(types()).hasSizeGreaterThanOrEqualTo(IS_FIRST ? 13 : 7);
  }

  @ParameterizedTest
  @MethodSource("types")
  void everyOptionIsInTheKeyOrBypasses(Class<?> type) throws Exception {
    List<String> bypassing = new ArrayList<>();
    for (Field field : fields(type)) {
      Object one = new Samples(1).instance(type, 0);
      Object two = new Samples(1).instance(type, 0);
      field.set(two, new Samples(2).value(field.getGenericType(), field.getType(), 1));
      if (isNotInKey(field)) {
        continue;
      }
      try {
        assertThat(asDefaults(one)).as(field + " of the defaults").isNotEqualTo(asDefaults(two));
        assertThat(asPrompt(one)).as(field + " of a prompt").isNotEqualTo(asPrompt(two));
      } catch (UnmappableException e) {
        bypassing.add(field.getName());
      }
    }
    assertThat(bypassing).as("options of " + type + " that nobody can cache").isEmpty();
  }

  /** One that is set, where it was not, is another request, too. */
  @ParameterizedTest
  @MethodSource("types")
  void everyOptionThatIsSetIsInTheKey(Class<?> type) throws Exception {
    for (Field field : fields(type)) {
      if (field.getType().isPrimitive() || isNotInKey(field)) {
        continue;
      }
      Object unset = empty(type);
      Object set = empty(type);
      Object value = new Samples(3).value(field.getGenericType(), field.getType(), 1);
      field.set(
          set,
          Objects.equals(value, field.get(unset))
              ? new Samples(4).value(field.getGenericType(), field.getType(), 1)
              : value);
      assertThat(asDefaults(unset)).as(field.toString()).isNotEqualTo(asDefaults(set));
    }
  }

  private static Object empty(Class<?> type) throws ReflectiveOperationException {
    try {
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (NoSuchMethodException e) {
      return Samples.allocate(type);
    }
  }

  /** What is asked at temperature 0 has every other option of the caller's. */
  @ParameterizedTest
  @MethodSource("types")
  void aCopyAtTemperatureZeroHasEveryOption(Class<?> type) throws Exception {
    ChatOptions options = (ChatOptions) new Samples(1).instance(type, 0);
    for (Field field : fields(type)) {
      if (field.getName().equals("maxCompletionTokens")) {
        // A provider takes one of the two limits, and drops the other.
        field.set(options, null);
      }
    }

    Map<String, Object> copy = tree(SpringAi.atZero(options));

    assertThat(options.getTemperature()).isNotEqualTo(0.0);
    assertThat(copy.remove("temperature")).isEqualTo(0.0);
    Map<String, Object> whole = tree(options);
    whole.remove("temperature");
    assertThat(copy).containsAllEntriesOf(whole);
  }

  private static Map<String, Object> tree(ChatOptions options) {
    return new TreeMap<>(EffectiveOptions.tree(options, ObjectMappings.defaults()));
  }

  /** Tools by name, and those that a model runs by itself, bypass: see ToolsTest. */
  private static boolean isNotInKey(Field field) {
    return EffectiveOptions.NOT_IN_KEY.contains(field.getName())
        || field.getName().equals("toolNames")
        || field.getName().equals("internalToolExecutionEnabled");
  }

  private static EffectiveOptions asDefaults(Object options) {
    allowTools(options);
    return EffectiveOptions.of(null, (ChatOptions) options, ObjectMappings.defaults());
  }

  private static EffectiveOptions asPrompt(Object options) {
    allowTools(options);
    return EffectiveOptions.of(
        (ChatOptions) options,
        ChatOptions.builder().model("default").build(),
        ObjectMappings.defaults());
  }

  /** Tools that a model runs by itself bypass, whatever else is set: see ToolsTest. */
  private static void allowTools(Object options) {
    try {
      for (Field field : fields(options.getClass())) {
        if (field.getName().equals("toolNames")) {
          field.set(options, Set.of());
        }
        if (field.getName().equals("internalToolExecutionEnabled")) {
          field.set(options, false);
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Field> fields(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> at = type; at != Object.class; at = at.getSuperclass()) {
      for (Field field : at.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          field.setAccessible(true);
          fields.add(field);
        }
      }
    }
    return fields;
  }
}
