package dev.reprise.examples;

import dev.langchain4j.model.chat.ChatModel;
import dev.reprise.engine.CacheEngine;
import dev.reprise.langchain4j.CachingChatModel;
import dev.reprise.model.Scope;
import dev.reprise.model.UnsetTemperature;
import dev.reprise.model.UseCase;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.UseCaseRule;
import java.time.Duration;

/** A use case of your own, and what is done with temperatures. */
public final class PolicyExample {
  private static final UseCase SUPPORT = new UseCase("support");

  private PolicyExample() {}

  /** Asks a model that runs offline. */
  public static void main(String[] arguments) {
    System.out.println(run(new OfflineModel().awaited()));
  }

  static String run(ChatModel model) {
    CachePolicy policy =
        CachePolicy.builder()
            .rule(UseCaseRule.semantic(SUPPORT, Duration.ofHours(2)))
            .maximumTemperature(0.2)
            .whenTemperatureIsUnset("mistral-*", UnsetTemperature.AS_IS)
            .build();
    try (CacheEngine engine = CacheEngine.builder().policy(policy).build()) {
      CachingChatModel cached =
          CachingChatModel.builder(model, engine, Scope.of("my-app")).useCase(SUPPORT).build();
      cached.chat("How do I reset my password?");
      cached.chat("How do I reset my password?");
      return "exact hits: " + engine.stats().exactHits();
    }
  }
}
