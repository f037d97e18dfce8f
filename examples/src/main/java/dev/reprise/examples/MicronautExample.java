package dev.reprise.examples;

import dev.langchain4j.model.chat.ChatModel;
import dev.reprise.engine.CacheEngine;
import dev.reprise.langchain4j.CachingChatModel;
import dev.reprise.model.Scope;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import jakarta.inject.Singleton;
import java.util.List;

/** Micronaut: a listener puts the cache in front of every model bean. */
final class MicronautExample {
  private MicronautExample() {}

  /** The engine. Micronaut closes it with the context. */
  @Factory
  static class Caches {
    @Singleton
    @Bean(preDestroy = "close")
    CacheEngine engine() {
      return CacheEngine.builder().build();
    }
  }

  /** Wraps the models, for example those that micronaut-langchain4j makes of the configuration. */
  @Singleton
  static class CachedModels implements BeanCreatedEventListener<ChatModel> {
    private final CacheEngine engine;

    CachedModels(CacheEngine engine) {
      this.engine = engine;
    }

    @Override
    public ChatModel onCreated(BeanCreatedEvent<ChatModel> event) {
      return CachingChatModel.builder(event.getBean(), engine)
          .scopeFor(request -> Scope.of("shop"))
          .build();
    }
  }

  /** Stands for the models of the application. */
  @Factory
  static class Models {
    @Singleton
    ChatModel model() {
      return new OfflineModel().awaited();
    }
  }

  /** Asks a model that runs offline. */
  public static void main(String[] arguments) {
    run().forEach(System.out::println);
  }

  static List<String> run() {
    try (ApplicationContext context = ApplicationContext.run()) {
      ChatModel model = context.getBean(ChatModel.class);
      String first = model.chat("What is the return policy?");
      String second = model.chat("What is the return policy?");
      long hits = context.getBean(CacheEngine.class).stats().exactHits();
      return List.of(first, second, hits + " hit");
    }
  }
}
