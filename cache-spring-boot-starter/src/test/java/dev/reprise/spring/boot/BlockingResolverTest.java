package dev.reprise.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.reprise.engine.CacheEngine;
import dev.reprise.model.Scope;
import io.micrometer.context.ContextRegistry;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A resolver may block, such as one that asks a database. It is not called on an event loop, which
 * Reactor does not let block.
 */
class BlockingResolverTest {
  private static final String QUESTION = "How do I reset my password?";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String KEY = "blocking-resolver-test";
  private static final ThreadLocal<@Nullable String> TENANT = new ThreadLocal<>();
  private static final Set<String> THREADS = ConcurrentHashMap.newKeySet();

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(RepriseAutoConfiguration.class))
          .withUserConfiguration(Resolver.class)
          .withPropertyValues("reprise.tiers=memory");

  @Configuration(proxyBeanMethods = false)
  static class Resolver {
    @Bean
    ScopeResolver scopeResolver() {
      return () -> {
        THREADS.add(Thread.currentThread().getName());
        String tenant = TENANT.get();
        return tenant == null
            ? null
            : Mono.delay(Duration.ofMillis(1)).map(tick -> Scope.of(tenant)).block(PATIENCE);
      };
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Streaming {
    @Bean
    ScriptedModels.Both model() {
      return new ScriptedModels.Both();
    }
  }

  @Test
  void aStreamOfSpringAiIsCached() {
    ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, TENANT);
    try {
      runner
          .withUserConfiguration(SpringAiModelsTest.Models.class)
          .run(
              context -> {
                ChatModel model = context.getBean(ChatModel.class);
                for (int i = 0; i < 2; i++) {
                  String answer =
                      Mono.just(QUESTION)
                          .publishOn(Schedulers.parallel())
                          .flatMapMany(model::stream)
                          .reduce(String::concat)
                          .contextWrite(write -> write.put(KEY, "acme"))
                          .block(PATIENCE);
                  assertThat(answer).isEqualTo("Open Settings.");
                }
                assertThat(context.getBean(CacheEngine.class).stats().exactHits()).isEqualTo(1);
                assertThat(THREADS).noneMatch(name -> name.startsWith("parallel"));
              });
    } finally {
      ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
    }
  }

  @Test
  void aStreamOfLangChain4jIsCached() {
    ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, TENANT);
    try {
      runner
          .withUserConfiguration(Streaming.class)
          .run(
              context -> {
                StreamingChatModel model = context.getBean(StreamingChatModel.class);
                for (int i = 0; i < 2; i++) {
                  String answer =
                      Mono.<String>create(
                              sink -> {
                                TENANT.set("acme");
                                model.chat(QUESTION, ScriptedModels.handler(sink::success));
                                TENANT.remove();
                              })
                          .subscribeOn(Schedulers.parallel())
                          .block(PATIENCE);
                  assertThat(answer).isEqualTo(ScriptedModels.ANSWER);
                }
                assertThat(context.getBean(CacheEngine.class).stats().exactHits()).isEqualTo(1);
                assertThat(THREADS).noneMatch(name -> name.startsWith("parallel"));
              });
    } finally {
      ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
    }
  }
}
