package dev.reprise.langchain4j;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.reprise.integration.internal.UnmappableException;
import dev.reprise.model.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How a provider's parameters are mapped into a key. By default every class is mapped by its public
 * accessors: Anthropic, Azure OpenAI, Bedrock, Gemini, Mistral, Ollama, OpenAI, Vertex AI and every
 * other provider. A class with a field that has no public accessor, or with a value of a class that
 * is not known, bypasses the cache, with the reason. Immutable.
 */
public final class ParametersMappers {
  private final Map<Class<?>, ParametersMapper<ChatRequestParameters>> mappers;

  private ParametersMappers(Map<Class<?>, ParametersMapper<ChatRequestParameters>> mappers) {
    this.mappers = Map.copyOf(mappers);
  }

  /** Returns the mappers that read public accessors. */
  public static ParametersMappers defaults() {
    return new ParametersMappers(Map.of());
  }

  /**
   * Returns a copy that maps {@code type} in another way.
   *
   * @param type compared exactly; a subclass is mapped by its accessors
   */
  public <P extends ChatRequestParameters> ParametersMappers with(
      Class<P> type, ParametersMapper<? super P> mapper) {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(mapper, "mapper");
    Map<Class<?>, ParametersMapper<ChatRequestParameters>> more = new HashMap<>(mappers);
    more.put(type, parameters -> mapper.extras(type.cast(parameters)));
    return new ParametersMappers(more);
  }

  /**
   * Returns what {@code parameters} has beyond LangChain4j's fields.
   *
   * @throws UnmappableException if something of it cannot be mapped
   */
  JsonObject extras(ChatRequestParameters parameters) {
    ParametersMapper<ChatRequestParameters> mapper = mappers.get(parameters.getClass());
    return mapper == null ? ReflectiveParameters.extras(parameters) : mapper.extras(parameters);
  }
}
