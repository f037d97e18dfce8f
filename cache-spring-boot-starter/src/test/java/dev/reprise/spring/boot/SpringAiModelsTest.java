package dev.reprise.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.springai.CachingChatModel;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;

class SpringAiModelsTest {
  private static final String QUESTION = "How do I reset my password?";

  /** Final, and declared as itself, as Spring AI 2 has its models. */
  static final class Scripted implements ChatModel {
    final AtomicInteger calls = new AtomicInteger();

    private Scripted() {}

    @Override
    public ChatResponse call(Prompt prompt) {
      calls.incrementAndGet();
      return new ChatResponse(
          List.of(
              new Generation(
                  new AssistantMessage("Open Settings."),
                  ChatGenerationMetadata.builder().finishReason("STOP").build())));
    }

    @Override
    public Flux<ChatResponse> stream(Prompt prompt) {
      return Flux.defer(() -> Flux.just(call(prompt)));
    }
  }

  /** A model that always answers the same. */
  static ChatModel fixed(String answer) {
    return prompt -> new ChatResponse(List.of(new Generation(new AssistantMessage(answer))));
  }

  @Configuration(proxyBeanMethods = false)
  static class Models {
    @Bean
    Scripted openAiChatModel() {
      return new Scripted();
    }
  }

  @Test
  void aFinalModelIsCachedAndExplained() {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                RepriseAutoConfiguration.class, RepriseActuatorAutoConfiguration.class))
        .withUserConfiguration(Models.class)
        .withPropertyValues(
            "reprise.scope=shop",
            "reprise.tiers=memory",
            "management.endpoints.web.exposure.include=reprise")
        .run(
            context -> {
              ChatModel model = context.getBean(ChatModel.class);
              assertThat(model.call(QUESTION)).isEqualTo("Open Settings.");
              assertThat(model.call(QUESTION)).isEqualTo("Open Settings.");
              assertThat(model.stream(QUESTION).collectList().block())
                  .isNotNull()
                  .satisfies(
                      words -> assertThat(String.join("", words)).isEqualTo("Open Settings."));
              assertThat(context.getBean(Scripted.class).calls).hasValue(1);
              assertThat(context.getBean(CacheEngine.class).stats().exactHits()).isEqualTo(2);
              assertThat(
                      context
                          .getBean(CachedModels.class)
                          .find("openAiChatModel", CachingChatModel.class))
                  .isPresent();
              assertThat(context.getBean(RepriseEndpoint.class).explain(QUESTION, null, null, null))
                  .containsEntry("exactHitIn", "memory");
            });
  }
}
