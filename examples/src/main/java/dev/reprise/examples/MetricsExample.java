package dev.reprise.examples;

import dev.langchain4j.model.chat.ChatModel;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheMetrics;
import dev.reprise.langchain4j.CachingChatModel;
import dev.reprise.model.Scope;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/**
 * The cache's meters in Micrometer. In Spring, declare CacheMetrics as a bean: it is bound there.
 */
public final class MetricsExample {
  private MetricsExample() {}

  /** Asks a model that runs offline. */
  public static void main(String[] arguments) {
    System.out.println(run(new OfflineModel().awaited()) + " hit(s)");
  }

  static double run(ChatModel model) {
    MeterRegistry registry = new SimpleMeterRegistry();
    CacheMetrics metrics = CacheMetrics.named("answers");
    metrics.bindTo(registry);
    try (CacheEngine engine = CacheEngine.builder().listener(metrics).build()) {
      ChatModel cached = CachingChatModel.builder(model, engine, Scope.of("my-app")).build();
      cached.chat("What is a cache?");
      cached.chat("What is a cache?");
      return registry.get("cache.gets").tag("result", "hit").counter().count();
    }
  }
}
