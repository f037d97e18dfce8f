package dev.reprise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.mistralai.MistralAiChatModel;
import dev.reprise.integration.internal.Mapping;
import dev.reprise.key.ExactKey;
import dev.reprise.key.internal.Canonicalizer;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Reason;
import dev.reprise.model.Scope;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every provider's class of parameters is mapped: the real ones, and shapes that others may have.
 */
class ProviderParametersTest {
  private static final ChatRequestMapper MAPPER =
      new ChatRequestMapper(Scope.of("test"), "provider", "", ParametersMappers.defaults());

  private static Mapping map(ChatRequestParameters parameters) {
    return MAPPER.map(
        ChatRequest.builder().messages(UserMessage.from("Hi")).parameters(parameters).build(),
        CacheRequestOptions.DEFAULT);
  }

  private static ExactKey key(ChatRequestParameters parameters) {
    Mapping mapping = map(parameters);
    assertThat(mapping).isInstanceOf(Mapping.Mapped.class);
    return Canonicalizer.exactKey(((Mapping.Mapped) mapping).request());
  }

  private static String refusal(ChatRequestParameters parameters) {
    Mapping mapping = map(parameters);
    assertThat(mapping).isInstanceOf(Mapping.Unmapped.class);
    Reason reason = ((Mapping.Unmapped) mapping).reason();
    assertThat(reason.code()).isEqualTo(Reason.Code.UNMAPPABLE);
    return reason.detail();
  }

  /**
   * Sets every option of the provider's builder, one after the other. Each changes the key; one
   * whose value is of a class that is not known to the cache bypasses instead.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "dev.langchain4j.model.openai.OpenAiChatRequestParameters",
        "dev.langchain4j.model.anthropic.AnthropicChatRequestParameters",
        "dev.langchain4j.model.googleai.GoogleAiGeminiChatRequestParameters",
        "dev.langchain4j.model.ollama.OllamaChatRequestParameters",
        "dev.langchain4j.model.bedrock.BedrockChatRequestParameters",
        "dev.langchain4j.model.watsonx.WatsonxChatRequestParameters"
      })
  void everyOptionOfARealProviderChangesTheKey(String name) throws ReflectiveOperationException {
    Class<?> type = Class.forName(name);
    ExactKey empty = key(built(type.getMethod("builder").invoke(null)));
    List<String> varied = new ArrayList<>();
    for (Method option : type.getMethod("builder").invoke(null).getClass().getMethods()) {
      if (option.getParameterCount() != 1
          || option.isSynthetic()
          || option.getDeclaringClass() == Object.class
          || option.getName().equals("overrideWith")) {
        continue;
      }
      Object value = sample(option.getGenericParameterTypes()[0]);
      if (value == null) {
        continue;
      }
      Object builder = type.getMethod("builder").invoke(null);
      option.invoke(builder, value);
      if (map(built(builder)) instanceof Mapping.Unmapped unmapped) {
        assertThat(unmapped.reason().detail()).as(option.toString()).contains("not known to");
      } else {
        assertThat(key(built(builder))).as(option.toString()).isNotEqualTo(empty);
      }
      varied.add(option.getName());
    }
    assertThat(varied).as(name).contains("temperature", "topP").hasSizeGreaterThan(8);
  }

  private static ChatRequestParameters built(Object builder) throws ReflectiveOperationException {
    return (ChatRequestParameters) builder.getClass().getMethod("build").invoke(builder);
  }

  /** Mistral has no class of its own: what its builder is given stands in LangChain4j's. */
  @Test
  void mistralsModelTellsItsParameters() {
    ChatModel small = MistralAiChatModel.builder().apiKey("k").modelName("small").build();
    ChatModel large = MistralAiChatModel.builder().apiKey("k").modelName("large").build();
    ChatModel cool =
        MistralAiChatModel.builder().apiKey("k").modelName("small").temperature(0.0).build();

    assertThat(
            Set.of(
                key(small.defaultRequestParameters()),
                key(large.defaultRequestParameters()),
                key(cool.defaultRequestParameters())))
        .hasSize(3);
  }

  private static Object sample(Type type) throws ReflectiveOperationException {
    if (type == String.class) {
      return "low";
    } else if (type == Integer.class || type == int.class) {
      return 7;
    } else if (type == Long.class || type == long.class) {
      return 7L;
    } else if (type == Double.class || type == double.class) {
      return 0.5;
    } else if (type == Float.class) {
      return 0.5f;
    } else if (type == Boolean.class || type == boolean.class) {
      return true;
    } else if (type instanceof Class<?> enumeration && enumeration.isEnum()) {
      return enumeration.getEnumConstants()[0];
    } else if (type instanceof ParameterizedType generic) {
      Type[] of = generic.getActualTypeArguments();
      if (generic.getRawType() == List.class && of[0] == String.class) {
        return List.of("a");
      } else if (generic.getRawType() == Map.class && of[0] == String.class) {
        return of[1] == String.class ? Map.of("a", "b") : Map.of("a", 1);
      } else if (generic.getRawType() == Set.class && of[0] == String.class) {
        return Set.of("a");
      }
    } else if (type == Duration.class) {
      return Duration.ofSeconds(3);
    } else if (type instanceof Class<?> built
        && Arrays.stream(built.getMethods()).anyMatch(each -> each.getName().equals("builder"))) {
      Object builder = built.getMethod("builder").invoke(null);
      try {
        return builder.getClass().getMethod("build").invoke(builder);
      } catch (InvocationTargetException e) {
        return null; // it needs more than nothing
      }
    }
    return null;
  }

  // --- shapes -----------------------------------------------------------------------------------

  /** A thinking budget, as a record. */
  public record Budget(int tokens, Duration longest) {}

  /** A class of parameters with values of many kinds. */
  public static final class Rich extends DefaultChatRequestParameters {
    private final Object value;

    Rich(Object value) {
      super(ChatRequestParameters.builder());
      this.value = value;
    }

    /** Returns the value. */
    public Object value() {
      return value;
    }
  }

  /** Hides a field. */
  public static final class Hiding extends DefaultChatRequestParameters {
    @SuppressWarnings("unused")
    private final String secret;

    Hiding(String secret) {
      super(ChatRequestParameters.builder());
      this.secret = secret;
    }
  }

  /** An accessor that fails. */
  public static final class Failing extends DefaultChatRequestParameters {
    Failing() {
      super(ChatRequestParameters.builder());
    }

    /** Fails. */
    @SuppressWarnings("DoNotCallSuggester") // it is called by reflection
    public String broken() {
      throw new IllegalStateException("no");
    }
  }

  /** A class that is missing at run time. */
  public static final class Missing extends DefaultChatRequestParameters {
    Missing() {
      super(ChatRequestParameters.builder());
    }

    /** Fails as a method of another version does. */
    @Override
    public String modelName() {
      throw new NoSuchMethodError("modelName()");
    }
  }

  @Test
  void valuesOfKnownKindsAreMapped() {
    List<Object> values =
        List.of(
            "a",
            1,
            2L,
            0.5,
            true,
            'c',
            Duration.ofSeconds(1),
            URI.create("http://a"),
            Reason.Code.EMPTY,
            List.of("a", "b"),
            Set.of("x"),
            new String[] {"y"},
            new int[] {4},
            Map.of("k", List.of(1)),
            Map.of(Reason.Code.EMPTY, 1),
            java.util.Optional.of("z"),
            new Budget(3, Duration.ofMinutes(1)),
            new Budget(4, Duration.ofMinutes(1)),
            List.of(new Budget(5, Duration.ofMinutes(1))));
    Set<ExactKey> keys = new java.util.HashSet<>();
    for (Object value : values) {
      keys.add(key(new Rich(value)));
    }
    assertThat(keys).hasSize(values.size());
    assertThat(key(new Rich(new Budget(3, Duration.ofMinutes(1)))))
        .isEqualTo(key(new Rich(new Budget(3, Duration.ofMinutes(1)))));
    assertThat(key(new Rich(Set.of("a", "b", "c"))))
        .isEqualTo(key(new Rich(Set.of("c", "b", "a"))));
  }

  @Test
  void whatCannotBeReadCompletelyBypasses() {
    assertThat(refusal(new Rich(new Object())))
        .contains("value of " + Rich.class.getName())
        .contains("java.lang.Object")
        .contains("register a mapper");
    assertThat(refusal(new Rich((Runnable) () -> {}))).contains("is not known to the cache");
    assertThat(refusal(new Rich(Double.NaN))).contains("NaN");
    assertThat(refusal(new Rich(Map.of(1, 2)))).contains("not a string");
    assertThat(refusal(new Hiding("a"))).contains("no public accessor for its fields [secret]");
    assertThat(refusal(new Failing())).contains("broken").contains("IllegalStateException");
  }

  @Test
  void anotherVersionOfLangChain4jBypassesAndDoesNotThrow() {
    assertThat(refusal(new Missing())).contains("does not fit the cache").contains("modelName()");
  }

  /** What a request of a newer LangChain4j may look like: one accessor more. */
  @Test
  void anAccessorThatThisVersionDoesNotKnowIsFound() {
    assertThat(Accessors.of(Budget.class).names()).containsExactly("longest", "tokens");
    assertThat(MappedAccessors.unknown(ChatRequest.class)).isEmpty();
  }

  @Test
  void namesAreThoseOfTheWire() {
    assertThat(ReflectiveParameters.wireName("maxCompletionTokens"))
        .isEqualTo("max_completion_tokens");
    assertThat(ReflectiveParameters.wireName("seed")).isEqualTo("seed");
  }
}
