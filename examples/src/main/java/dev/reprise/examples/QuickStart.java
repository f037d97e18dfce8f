package dev.reprise.examples;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.reprise.embedded.EmbeddedCache;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheStats;
import dev.reprise.langchain4j.CachingChatModel;
import dev.reprise.model.Scope;

/** The cache in front of OpenAI's model: the code of the README. */
public final class QuickStart {
  private QuickStart() {}

  /** Asks the model at {@code OPENAI_BASE_URL} with the key in {@code OPENAI_API_KEY}. */
  public static void main(String[] arguments) {
    String url = System.getenv().getOrDefault("OPENAI_BASE_URL", "https://api.openai.com/v1");
    System.out.println(run(url, System.getenv().getOrDefault("OPENAI_API_KEY", "")));
  }

  static CacheStats run(String url, String key) {
    // snippet
    ChatModel model =
        OpenAiChatModel.builder().baseUrl(url).apiKey(key).modelName("gpt-4o-mini").build();
    CacheEngine engine = EmbeddedCache.builder().build();
    ChatModel cached = CachingChatModel.builder(model, engine, Scope.of("my-app")).build();

    cached.chat("How do I reset my password?"); // asks the model
    cached.chat("How do I reset my password?"); // from memory, in microseconds
    cached.chat("How can I reset my password?"); // found by its meaning, in milliseconds
    // end
    CacheStats stats = engine.stats();
    engine.close();
    return stats;
  }
}
