package dev.reprise.langchain4j;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.reprise.model.JsonObject;

/**
 * Tells what a provider's class of parameters has beyond LangChain4j's own fields. Pure.
 *
 * @param <P> the class
 */
@FunctionalInterface
public interface ParametersMapper<P extends ChatRequestParameters> {
  /**
   * Returns every field of {@code parameters} that {@link ChatRequestParameters} does not have and
   * that is set, under its name on the provider's wire. A field left out is not in the key:
   * requests that differ only in it share their answers.
   *
   * @throws RuntimeException if a field has no JSON form; the request then bypasses the cache
   */
  JsonObject extras(P parameters);
}
