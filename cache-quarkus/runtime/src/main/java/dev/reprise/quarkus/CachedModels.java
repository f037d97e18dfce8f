package dev.reprise.quarkus;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;

/**
 * Caches models that are no beans, for example those of a {@code chatLanguageModelSupplier}. Models
 * that are beans are cached without it. Inject it:
 *
 * <pre>{@code
 * @Inject CachedModels models;
 *
 * ChatModel cached = models.cached("drafts", OpenAiChatModel.builder()...build());
 * }</pre>
 */
public interface CachedModels {
  /**
   * Returns {@code model} with the application's cache in front of it. Returns {@code model} itself
   * where the configuration excludes {@code name} or the mode is {@code off}.
   *
   * @param name what {@code quarkus.reprise.models.include} and {@code exclude} call it. It is part
   *     of the cache key.
   */
  ChatModel cached(String name, ChatModel model);

  /**
   * Returns {@code model} with the application's cache in front of it. Returns {@code model} itself
   * where the configuration excludes {@code name} or the mode is {@code off}.
   *
   * @param name what {@code quarkus.reprise.models.include} and {@code exclude} call it. It is part
   *     of the cache key.
   */
  StreamingChatModel cached(String name, StreamingChatModel model);
}
