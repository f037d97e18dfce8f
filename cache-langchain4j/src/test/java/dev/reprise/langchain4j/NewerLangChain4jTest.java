package dev.reprise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNullSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.reprise.integration.internal.Mapping;
import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.implementation.FixedValue;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.implementation.MethodCall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A LangChain4j that is newer than the adapter: one of its classes has one accessor more. The field
 * must not be left out of the key, or of what is stored.
 */
class NewerLangChain4jTest {
  private static final String EXTRA = "reasoningHint";

  /** Loads LangChain4j and the adapter anew, with one class that has one accessor more. */
  private static final class Newer extends ClassLoader {
    private final String changed;
    private final Type type;
    private final Implementation value;

    Newer(Class<?> changed, Type type, Implementation value) {
      super(NewerLangChain4jTest.class.getClassLoader());
      this.changed = changed.getName();
      this.type = type;
      this.value = value;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        if (name.startsWith("dev.langchain4j.") || name.startsWith("dev.reprise.langchain4j.")) {
          Class<?> known = findLoadedClass(name);
          return known == null ? define(name) : known;
        }
        return super.loadClass(name, resolve);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      byte[] bytes =
          name.equals(changed)
              ? new ByteBuddy()
                  .redefine(Class.forName(name))
                  .defineMethod(EXTRA, type, Visibility.PUBLIC)
                  .intercept(value)
                  .make()
                  .getBytes()
              : bytes(name);
      return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] bytes(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        return in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @SuppressWarnings("unchecked") // It is ours, of another loader.
    String run(String what) throws ReflectiveOperationException {
      Class<?> program = loadClass(NewerProgram.class.getName());
      return ((UnaryOperator<String>) program.getConstructor().newInstance()).apply(what);
    }
  }

  /** A subclass may have a field that shapes the answer. */
  private static final class OwnRequest extends ChatRequest {
    OwnRequest() {
      super(ChatRequest.builder().messages(UserMessage.from("Why?")));
    }
  }

  private static String run(String what, Class<?> changed, String value)
      throws ReflectiveOperationException {
    return new Newer(changed, String.class, FixedValue.value(value)).run(what);
  }

  static Stream<Class<?>> classes() {
    return Stream.concat(
        MappedAccessors.types().stream().filter(type -> type != ChatResponse.class),
        Stream.of(
            JsonAnyOfSchema.class,
            JsonArraySchema.class,
            JsonBooleanSchema.class,
            JsonEnumSchema.class,
            JsonIntegerSchema.class,
            JsonNullSchema.class,
            JsonNumberSchema.class,
            JsonObjectSchema.class,
            JsonRawSchema.class,
            JsonReferenceSchema.class,
            JsonStringSchema.class));
  }

  @ParameterizedTest
  @MethodSource("classes")
  void aFieldThatIsNotKnownBypasses(Class<?> changed) throws ReflectiveOperationException {
    assertThat(run("map", changed, "high"))
        .isEqualTo(
            "UNMAPPABLE: %s of class %s is set, and this version of the cache does not know it",
            EXTRA, changed.getName());
  }

  static Stream<Class<?>> stored() {
    return Stream.of(ChatResponse.class, AiMessage.class, ToolExecutionRequest.class, Image.class);
  }

  @ParameterizedTest
  @MethodSource("stored")
  void anAnswerWithAFieldThatIsNotKnownIsNotStored(Class<?> changed)
      throws ReflectiveOperationException {
    assertThat(run("encode", changed, "high")).isEqualTo("OTHER");
  }

  /** What every request has, set or not, is in no caller's way. */
  @Test
  void aNewFieldThatIsNotSetChangesNothing() throws ReflectiveOperationException {
    NewerProgram same = new NewerProgram();
    String key = same.apply("map");
    assertThat(key).startsWith("key ");
    assertThat(same.apply("encode")).startsWith("TOOL_CALLS{");
    List<Newer> newer =
        List.of(
            new Newer(UserMessage.class, String.class, FixedValue.nullValue()),
            new Newer(UserMessage.class, boolean.class, FixedValue.value(false)),
            new Newer(ChatRequest.class, List.class, MethodCall.invoke(method(List.class, "of"))),
            new Newer(
                AiMessage.class,
                Optional.class,
                MethodCall.invoke(method(Optional.class, "empty"))));
    for (Newer each : newer) {
      assertThat(each.run("map")).isEqualTo(key);
      assertThat(each.run("encode")).isEqualTo(same.apply("encode"));
    }
  }

  private static java.lang.reflect.Method method(Class<?> type, String name) {
    try {
      return type.getMethod(name);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A provider's class is read as it is: its new field is in the key. */
  @Test
  void aNewParameterOfAProviderIsInTheKey() throws ReflectiveOperationException {
    String plain = new NewerProgram().apply("map");
    String low = run("map", OpenAiChatRequestParameters.class, "low");
    String high = run("map", OpenAiChatRequestParameters.class, "high");

    assertThat(List.of(plain, low, high))
        .allMatch(key -> key.startsWith("key "))
        .doesNotHaveDuplicates();
    assertThat(run("map", OpenAiChatRequestParameters.class, "low")).isEqualTo(low);
    assertThat(
            new Newer(
                    OpenAiChatRequestParameters.class,
                    Object.class,
                    MethodCall.construct(Object.class.getConstructor()))
                .run("map"))
        .startsWith("UNMAPPABLE: " + EXTRA)
        .contains("register a mapper");
  }

  @Test
  void aRequestOfAnotherClassBypasses() {
    Mapping mapping =
        new ChatRequestMapper(Scope.of("test"), "provider", "", ParametersMappers.defaults())
            .map(new OwnRequest(), CacheRequestOptions.DEFAULT);

    assertThat(mapping).isInstanceOf(Mapping.Unmapped.class);
    assertThat(((Mapping.Unmapped) mapping).reason().detail()).contains(OwnRequest.class.getName());
  }

  @Test
  void aResponseFormatThatIsNotKnownIsNoJson() {
    assertThat(ChatRequestMapper.formatType("TEXT", null)).isEqualTo("text");
    assertThat(ChatRequestMapper.formatType("JSON", null)).isEqualTo("json_object");
    assertThatThrownBy(() -> ChatRequestMapper.formatType("GRAMMAR", null))
        .isInstanceOf(UnmappableException.class)
        .hasMessageContaining("GRAMMAR");
  }
}
