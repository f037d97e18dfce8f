package dev.reprise.peers;

import org.springframework.ai.chat.cache.semantic.SemanticCache;
import org.springframework.ai.chat.cache.semantic.SemanticCacheAdvisor;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.vectorstore.redis.cache.semantic.DefaultSemanticCache;
import redis.clients.jedis.RedisClient;

/** Spring AI's advisor over Redis Search, emptied between the pairs. */
final class SpringAiContender implements Contender {
  private final RedisClient redis;
  private final SemanticCache cache;

  SpringAiContender(String host, int port) {
    redis = RedisClient.create(host, port);
    cache = DefaultSemanticCache.builder().jedisClient(redis).embeddingModel(new MiniLm()).build();
  }

  @Override
  public String name() {
    return "SemanticCacheAdvisor of Spring AI 2.0.1";
  }

  SemanticCacheAdvisor advisor() {
    return SemanticCacheAdvisor.builder().cache(cache).build();
  }

  @Override
  public boolean hits(int pair, String cached, String query) {
    cache.clear();
    EchoModel model = new EchoModel();
    ChatClient client = ChatClient.builder(model).defaultAdvisors(advisor()).build();
    client.prompt(cached).call().content();
    client.prompt(query).call().content();
    return model.calls() == 1;
  }

  @Override
  public void close() {
    redis.close();
  }
}
