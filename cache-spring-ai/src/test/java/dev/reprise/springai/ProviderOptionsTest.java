package dev.reprise.springai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.model.Scope;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Every option of every provider's class is in the key, or the request bypasses the cache, or the
 * option is on the short list of those that shape no answer.
 */
class ProviderOptionsTest {
  private static final boolean IS_FIRST =
      List.of(ChatModel.class.getMethods()).stream()
          .noneMatch(method -> method.getName().equals("getOptions"));

  private static final String PACKAGE = "org.springframework.ai.";

  private static final List<String> OF_BOTH =
      List.of(
          "chat.prompt.DefaultChatOptions",
          "model.tool.DefaultToolCallingChatOptions",
          "anthropic.AnthropicChatOptions",
          "google.genai.GoogleGenAiChatOptions",
          "ollama.api.OllamaChatOptions",
          "openai.OpenAiChatOptions");

  /** Spring AI 1.1 has these providers as well. OCI's options were tried by hand. */
  private static final List<String> OF_THE_FIRST =
      List.of(
          "azure.openai.AzureOpenAiChatOptions",
          "bedrock.converse.BedrockChatOptions",
          "deepseek.DeepSeekChatOptions",
          "minimax.MiniMaxChatOptions",
          "mistralai.MistralAiChatOptions",
          "vertexai.gemini.VertexAiGeminiChatOptions",
          "zhipuai.ZhiPuAiChatOptions");

  /** No artifact of Bedrock, DeepSeek or Mistral could be had in version 2.0. */
  private static final List<String> OF_THE_SECOND =
      List.of("model.tool.DefaultStructuredOutputChatOptions");

  private final CacheEngine engine = CacheEngine.builder().build();

  @AfterEach
  void close() {
    engine.close();
  }

  static List<Class<?>> types() throws ClassNotFoundException {
    List<Class<?>> types = new ArrayList<>();
    for (String name : OF_BOTH) {
      types.add(Class.forName(PACKAGE + name));
    }
    for (String name : IS_FIRST ? OF_THE_FIRST : OF_THE_SECOND) {
      types.add(Class.forName(PACKAGE + name));
    }
    return types;
  }

  /** Options as an application makes them: what a builder fills in by itself is mapped, too. */
  @ParameterizedTest
  @MethodSource("types")
  void optionsOfTheirOwnBuilderHit(Class<?> type) throws Exception {
    for (Double temperature : temperatures(type)) {
      ChatOptions options = built(type, temperature);
      ScriptedModel model = ScriptedModel.counting(options);
      CachingChatModel cached =
          CachingChatModel.builder(model, engine, Scope.of("of " + temperature)).build();
      cached.call(new Prompt("What is a cache?"));
      ChatOutcome ofDefaults = cached.answer(new Prompt("What is a cache?"));
      cached.call(new Prompt("What is a hash?", options));
      ChatOutcome ofPrompt = cached.answer(new Prompt("What is a hash?", built(type, temperature)));

      assertThat(ofDefaults.wasCached()).as("%s", ofDefaults.outcome()).isTrue();
      assertThat(ofPrompt.wasCached()).as("%s", ofPrompt.outcome()).isTrue();
      assertThat(model.calls()).isEqualTo(2);
      // The default model of a provider may take none.
      assertThat(model.last().getOptions().getTemperature()).isIn(0.0, null);
    }
  }

  /** Zero, and none where a builder leaves it unset. */
  private static List<@Nullable Double> temperatures(Class<?> type) throws Exception {
    List<@Nullable Double> temperatures = new ArrayList<>();
    temperatures.add(0.0);
    if (built(type, null).getTemperature() == null) {
      temperatures.add(null);
    }
    return temperatures;
  }

  private static ChatOptions built(Class<?> type, @Nullable Double temperature) throws Exception {
    Object builder = builder(type);
    if (temperature != null) {
      builder.getClass().getMethod("temperature", Double.class).invoke(builder, temperature);
    }
    return (ChatOptions) builder.getClass().getMethod("build").invoke(builder);
  }

  /** The builder of a class of Spring AI's own is that of its interface. */
  private static Object builder(Class<?> type) throws Exception {
    for (Class<?> at : List.of(type, type.getInterfaces()[0])) {
      for (Method method : at.getMethods()) {
        if (method.getName().equals("builder") && Modifier.isStatic(method.getModifiers())) {
          return method.invoke(null);
        }
      }
    }
    throw new IllegalStateException(type + " has no builder");
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
      // A provider takes one of the two limits, and drops the other. Spring AI 1.1 copies that
      // there are options of streams, and fills them in anew.
      if (Set.of("maxCompletionTokens", "streamOptions").contains(field.getName())) {
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
