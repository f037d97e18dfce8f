package dev.reprise.examples;

import dev.langchain4j.model.chat.ChatModel;
import dev.reprise.engine.CacheEngine;
import dev.reprise.langchain4j.CachingChatModel;
import dev.reprise.model.Scope;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * CDI, as Helidon MP and LangChain4j-CDI have it: an alternative goes before the model. A decorator
 * would not do, since CDI decorates no bean that a producer or an extension makes.
 */
final class CdiExample {
  private CdiExample() {}

  /** The engine. CDI closes it with the application. */
  @Singleton
  static class Caches {
    @Produces
    @Singleton
    CacheEngine engine() {
      return CacheEngine.builder().build();
    }

    void close(@Disposes CacheEngine engine) {
      engine.close();
    }
  }

  /** Takes the place of the model wherever a {@code ChatModel} is injected without a name. */
  @Singleton
  @Alternative
  @Priority(1)
  static class CachedModels {
    @Produces
    @ApplicationScoped
    ChatModel cached(@Named("assistant") ChatModel model, CacheEngine engine) {
      return CachingChatModel.builder(model, engine).scopeFor(request -> Scope.of("shop")).build();
    }
  }

  /** Stands for a model that LangChain4j-CDI makes of dev.langchain4j.plugin.assistant.*. */
  @Singleton
  static class Models {
    @Produces
    @ApplicationScoped
    @Named("assistant")
    ChatModel model() {
      return new OfflineModel().awaited();
    }
  }

  /** Asks a model that runs offline. */
  public static void main(String[] arguments) {
    run().forEach(System.out::println);
  }

  static List<String> run() {
    try (SeContainer container =
        SeContainerInitializer.newInstance()
            .disableDiscovery()
            .addBeanClasses(Caches.class, CachedModels.class, Models.class)
            .initialize()) {
      ChatModel model = container.select(ChatModel.class).get();
      String first = model.chat("What is the return policy?");
      String second = model.chat("What is the return policy?");
      long hits = container.select(CacheEngine.class).get().stats().exactHits();
      return List.of(first, second, hits + " hit");
    }
  }
}
