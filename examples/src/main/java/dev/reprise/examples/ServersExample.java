package dev.reprise.examples;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.reprise.embed.Embedder;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.engine.CacheEngine;
import dev.reprise.langchain4j.CachingChatModel;
import dev.reprise.match.Matcher;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.milvus.MilvusSemanticTier;
import dev.reprise.model.Scope;
import dev.reprise.redis.RedisExactTier;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.verify.OnnxVerifier;

/**
 * OpenAI behind a cache that several processes share: memory, then Redis, then Milvus. It starts
 * without a server that is down, and uses it once it answers.
 */
public final class ServersExample {
  private ServersExample() {}

  /**
   * Asks twice.
   *
   * @param arguments the question; the addresses stand in REDIS_URL and MILVUS_URI, the key in
   *     OPENAI_API_KEY
   */
  public static void main(String[] arguments) {
    ChatModel model =
        OpenAiChatModel.builder()
            .apiKey(System.getenv("OPENAI_API_KEY"))
            .modelName("gpt-4o-mini")
            .build();
    try (CacheEngine engine =
        engine(
            System.getenv().getOrDefault("REDIS_URL", "redis://localhost:6379"),
            System.getenv().getOrDefault("MILVUS_URI", "http://localhost:19530"))) {
      ChatModel cached = CachingChatModel.builder(model, engine, Scope.of("my-app")).build();
      for (int i = 0; i < 2; i++) {
        System.out.println(cached.chat(arguments[0]));
      }
      System.out.println(engine.stats());
    }
  }

  static CacheEngine engine(String redisUrl, String milvusUri) {
    Embedder embedder = MiniLmEmbedder.load();
    return CacheEngine.builder()
        .exactTiers(CaffeineExactTier.builder().build(), RedisExactTier.builder(redisUrl).build())
        .semanticTier(MilvusSemanticTier.builder(milvusUri, embedder).build(), embedder)
        .matcher(Matcher.verified(OnnxVerifier.load(), WrongAnswerBound.perLookup(0.01)))
        .build();
  }
}
