package dev.reprise.spring.boot;

import static dev.reprise.spring.boot.ScriptedModels.ANSWER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.reprise.engine.CacheEngine;
import dev.reprise.model.Scope;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** What a team does first, beside declaring a model. */
@ExtendWith(OutputCaptureExtension.class)
class FirstWeekTest {
  private static final String QUESTION = "How do I reset my password?";

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  RepriseAutoConfiguration.class, RepriseActuatorAutoConfiguration.class));

  private static ApplicationContextRunner configured(
      ApplicationContextRunner runner, Map<String, Object> variables) {
    return runner.withInitializer(
        context ->
            context
                .getEnvironment()
                .getPropertySources()
                .addFirst(
                    new SystemEnvironmentPropertySource(
                        "test-systemEnvironment", Map.copyOf(variables))));
  }

  /** A container sets everything by environment variables, which have upper case only. */
  @Test
  void itIsConfiguredByEnvironmentVariables(CapturedOutput output) {
    configured(
            runner,
            Map.of(
                "REPRISE_SCOPE", "shop",
                "REPRISE_TIERS", "memory",
                "REPRISE_MEMORY_MAXIMUMSIZE", "8MB",
                "REPRISE_POLICY_WHENTEMPERATUREISUNSET", "as-is",
                "REPRISE_MODELS_USECASE_OPENMODEL", "creative"))
        .withUserConfiguration(RepriseAutoConfigurationTest.OpenModel.class)
        .run(
            context -> {
              RepriseProperties properties = context.getBean(RepriseProperties.class);
              assertThat(properties.memory().maximumSize()).hasToString("8388608B");
              context.getBean(ChatModel.class).chat(QUESTION);
              assertThat(context.getBean(CacheEngine.class).stats().bypassed()).isEqualTo(1);
              assertThat(output).doesNotContain("no model bean is called so");
            });
  }

  /** Asks while the application starts, to warm up. */
  static final class WarmUp implements InitializingBean {
    private final ChatModel model;

    private WarmUp(ChatModel model) {
      this.model = model;
      model.chat(QUESTION);
    }

    @Override
    public void afterPropertiesSet() {
      model.chat(QUESTION);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class WarmedUp {
    @Bean
    WarmUp warmUp(ChatModel model) {
      return new WarmUp(model);
    }
  }

  @Test
  void aBeanMayAskWhileTheApplicationStarts() {
    runner
        .withUserConfiguration(WarmedUp.class, RepriseAutoConfigurationTest.OpenModel.class)
        .withPropertyValues("reprise.scope=shop", "reprise.tiers=memory")
        .run(
            context -> {
              assertThat(context.getBean(ChatModel.class).chat(QUESTION)).isEqualTo(ANSWER);
              assertThat(context.getBean(CacheEngine.class).stats().exactHits()).isEqualTo(2);
            });
  }

  /** Chooses between models by a qualifier. */
  record Chooser(ChatModel small, ChatModel large) {}

  @Configuration(proxyBeanMethods = false)
  static class Qualified {
    @Bean
    @Qualifier("small")
    ScriptedModels.Open first() {
      return new ScriptedModels.Open("first");
    }

    @Bean
    @Qualifier("large")
    ScriptedModels.Closed second() {
      return new ScriptedModels.Closed();
    }

    @Bean
    Chooser chooser(@Qualifier("small") ChatModel small, @Qualifier("large") ChatModel large) {
      return new Chooser(small, large);
    }
  }

  @Test
  void qualifiersOfModelsOfOpenAndFinalClassesStay() {
    runner
        .withUserConfiguration(Qualified.class)
        .withPropertyValues("reprise.scope=shop", "reprise.tiers=memory")
        .run(
            context -> {
              Chooser chooser = context.getBean(Chooser.class);
              for (int i = 0; i < 2; i++) {
                chooser.small().chat(QUESTION);
                chooser.large().chat(QUESTION);
              }
              assertThat(context.getBean(CacheEngine.class).stats().exactHits()).isEqualTo(2);
              assertThat(context.getBean(ScriptedModels.Open.class).calls()).isEqualTo(1);
              assertThat(context.getBean(ScriptedModels.Closed.class).calls).hasValue(1);
            });
  }

  @Configuration(proxyBeanMethods = false)
  static class TwoResolvers {
    @Bean
    ScopeResolver first() {
      return () -> Scope.of("first");
    }

    @Bean
    ScopeResolver second() {
      return () -> Scope.of("second");
    }
  }

  /** Each request would go past the cache, and nobody would know why. */
  @Test
  void twoResolversFailTheStart() {
    runner
        .withUserConfiguration(TwoResolvers.class, RepriseAutoConfigurationTest.OpenModel.class)
        .withPropertyValues("reprise.tiers=memory")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .isInstanceOf(NoUniqueBeanDefinitionException.class));
  }
}
