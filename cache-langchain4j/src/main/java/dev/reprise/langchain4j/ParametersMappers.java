package dev.reprise.langchain4j;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.reprise.model.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The classes of parameters that can be mapped into a key: each by its exact class, since a
 * subclass may have fields that a mapper of its superclass does not see. A request with parameters
 * of another class bypasses the cache. Immutable.
 */
public final class ParametersMappers {
  private static final String OPEN_AI = "dev.langchain4j.model.openai.OpenAiChatRequestParameters";

  private final Map<Class<?>, ParametersMapper<ChatRequestParameters>> mappers;

  private ParametersMappers(Map<Class<?>, ParametersMapper<ChatRequestParameters>> mappers) {
    this.mappers = Map.copyOf(mappers);
  }

  /**
   * Returns the mappers of {@link DefaultChatRequestParameters} and, where langchain4j-open-ai is
   * on the class path, of its {@code OpenAiChatRequestParameters}.
   */
  public static ParametersMappers defaults() {
    ParametersMappers plain =
        new ParametersMappers(Map.of())
            .with(DefaultChatRequestParameters.class, parameters -> JsonObject.empty());
    return isOpenAiThere() ? OpenAiParameters.register(plain) : plain;
  }

  /**
   * Returns a copy that maps {@code type}, too.
   *
   * @param type compared exactly; subclasses need mappers of their own
   */
  public <P extends ChatRequestParameters> ParametersMappers with(
      Class<P> type, ParametersMapper<? super P> mapper) {
    Map<Class<?>, ParametersMapper<ChatRequestParameters>> more = new HashMap<>(mappers);
    more.put(type, parameters -> mapper.extras(type.cast(parameters)));
    return new ParametersMappers(more);
  }

  /** Returns what {@code parameters} has beyond LangChain4j's fields; empty for another class. */
  Optional<JsonObject> extras(ChatRequestParameters parameters) {
    return Optional.ofNullable(mappers.get(parameters.getClass()))
        .map(mapper -> mapper.extras(parameters));
  }

  private static boolean isOpenAiThere() {
    try {
      var unused = Class.forName(OPEN_AI, false, ParametersMappers.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }
}
