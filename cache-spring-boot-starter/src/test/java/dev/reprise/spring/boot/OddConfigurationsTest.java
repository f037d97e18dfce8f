package dev.reprise.spring.boot;

import static dev.reprise.spring.boot.ScriptedModels.ANSWER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.reprise.engine.CacheEngine;
import dev.reprise.langchain4j.CachingChatModel;
import dev.reprise.model.Reason;
import dev.reprise.model.Scope;
import io.micrometer.observation.ObservationRegistry;
import java.util.Map;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;

/** What teams do with their model beans beside declaring one. */
@ExtendWith(OutputCaptureExtension.class)
class OddConfigurationsTest {
  private static final String QUESTION = "How do I reset my password?";

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  RepriseAutoConfiguration.class, RepriseActuatorAutoConfiguration.class))
          .withPropertyValues("reprise.scope=shop", "reprise.tiers=memory");

  @Configuration(proxyBeanMethods = false)
  static class Prototype {
    @Bean
    @org.springframework.context.annotation.Scope("prototype")
    ScriptedModels.Open prototype() {
      return new ScriptedModels.Open("prototype");
    }
  }

  @Test
  void instancesOfAPrototypeShareTheCache() {
    runner
        .withUserConfiguration(Prototype.class)
        .run(
            context -> {
              ScriptedModels.Open first = context.getBean(ScriptedModels.Open.class);
              ScriptedModels.Open second = context.getBean(ScriptedModels.Open.class);
              assertThat(first).isNotSameAs(second);
              first.chat(QUESTION);
              assertThat(second.chat(QUESTION)).isEqualTo(ANSWER);
              assertThat(second.calls()).isZero();
              assertThat(context.getBean(CachedModels.class).names()).containsExactly("prototype");
            });
  }

  @Configuration(proxyBeanMethods = false)
  static class ScopedProxy {
    @Bean
    @org.springframework.context.annotation.Scope(
        value = "thread",
        proxyMode = ScopedProxyMode.INTERFACES)
    ChatModel scoped() {
      return new ScriptedModels.Open("scoped");
    }
  }

  @Test
  void aScopedModelIsCachedOnce() {
    runner
        .withInitializer(
            context -> context.getBeanFactory().registerScope("thread", new SimpleThreadScope()))
        .withUserConfiguration(ScopedProxy.class)
        .run(
            context -> {
              ChatModel model = context.getBean(ChatModel.class);
              model.chat(QUESTION);
              assertThat(model.chat(QUESTION)).isEqualTo(ANSWER);
              assertThat(context.getBean(CacheEngine.class).stats().exactHits()).isEqualTo(1);
              assertThat(context.getBean(CacheEngine.class).stats().requests()).isEqualTo(2);
              assertThat(context.getBean(CachedModels.class).names()).containsExactly("scoped");
            });
  }

  @Test
  void lazyBeansAreCached(CapturedOutput output) {
    runner
        .withInitializer(
            context ->
                context.addBeanFactoryPostProcessor(
                    new LazyInitializationBeanFactoryPostProcessor()))
        .withUserConfiguration(RepriseAutoConfigurationTest.OpenModel.class)
        .withPropertyValues("reprise.models.exclude=nobody")
        .run(
            context -> {
              assertThat(output.getAll()).contains("reprise.models.exclude names nobody");
              ChatModel model = context.getBean(ChatModel.class);
              model.chat(QUESTION);
              model.chat(QUESTION);
              assertThat(context.getBean(ScriptedModels.Open.class).calls()).isEqualTo(1);
            });
  }

  @Configuration(proxyBeanMethods = false)
  static class Wrapped {
    static final ScriptedModels.Open INSIDE = new ScriptedModels.Open("inside");

    @Bean
    ChatModel wrapped(CacheEngine engine) {
      return CachingChatModel.builder(INSIDE, engine, Scope.of("own")).build();
    }
  }

  @Test
  void aModelThatIsWrappedAlreadyIsLeftAlone(CapturedOutput output) {
    runner
        .withUserConfiguration(Wrapped.class)
        .run(
            context -> {
              int before = Wrapped.INSIDE.calls();
              context.getBean(ChatModel.class).chat(QUESTION);
              context.getBean(ChatModel.class).chat(QUESTION);
              assertThat(Wrapped.INSIDE.calls() - before).isEqualTo(1);
              assertThat(context.getBean(CacheEngine.class).stats().requests()).isEqualTo(2);
              assertThat(output.getAll()).doesNotContain("caches nothing");
            });
  }

  @Configuration(proxyBeanMethods = false)
  static class Made {
    @Bean
    FactoryBean<ScriptedModels.Open> made() {
      return new FactoryBean<>() {
        @Override
        public ScriptedModels.Open getObject() {
          return new ScriptedModels.Open("made");
        }

        @Override
        public Class<?> getObjectType() {
          return ScriptedModels.Open.class;
        }
      };
    }
  }

  @Test
  void whatAFactoryBeanMakesIsCached() {
    runner
        .withUserConfiguration(Made.class)
        .run(
            context -> {
              ScriptedModels.Open model = context.getBean(ScriptedModels.Open.class);
              model.chat(QUESTION);
              model.chat(QUESTION);
              assertThat(model.calls()).isEqualTo(1);
            });
  }

  @Configuration(proxyBeanMethods = false)
  static class Advised {
    static final ScriptedModels.Open INSIDE = new ScriptedModels.Open("inside");

    /** As an aspect of the application, or a tracing library, leaves it. */
    @Bean
    ChatModel advised() {
      ProxyFactory factory = new ProxyFactory(INSIDE);
      factory.addAdvice((MethodInterceptor) org.aopalliance.intercept.MethodInvocation::proceed);
      return (ChatModel) factory.getProxy();
    }
  }

  @Test
  void aModelBehindAnAspectIsCached() {
    runner
        .withUserConfiguration(Advised.class)
        .run(
            context -> {
              int before = Advised.INSIDE.calls();
              context.getBean(ChatModel.class).chat(QUESTION);
              context.getBean(ChatModel.class).chat(QUESTION);
              assertThat(Advised.INSIDE.calls() - before).isEqualTo(1);
            });
  }

  @Configuration(proxyBeanMethods = false)
  static class PrimaryFinal {
    @Bean
    @Primary
    ScriptedModels.Closed first() {
      return new ScriptedModels.Closed();
    }

    @Bean
    ScriptedModels.Open second() {
      return new ScriptedModels.Open("second");
    }
  }

  /** Injects providers. */
  record Providers(
      ObjectProvider<ScriptedModels.Closed> byClass, ObjectProvider<ChatModel> byInterface) {}

  @Configuration(proxyBeanMethods = false)
  static class ProvidersOfModels {
    @Bean
    Providers providers(
        ObjectProvider<ScriptedModels.Closed> byClass, ObjectProvider<ChatModel> byInterface) {
      return new Providers(byClass, byInterface);
    }
  }

  @Test
  void aPrimaryModelOfAFinalClassStaysPrimary() {
    runner
        .withUserConfiguration(PrimaryFinal.class, ProvidersOfModels.class)
        .run(
            context -> {
              Providers providers = context.getBean(Providers.class);
              ChatModel primary = providers.byInterface().getObject();
              primary.chat(QUESTION);
              primary.chat(QUESTION);
              assertThat(providers.byClass().getObject().calls).hasValue(1);
              assertThat(providers.byInterface().stream()).hasSize(2);
              assertThat(context.getBean(CachedModels.class).names())
                  .containsExactly("first", "second");
            });
  }

  @Test
  void oneOfTwoModelsIsExcluded() {
    runner
        .withUserConfiguration(PrimaryFinal.class)
        .withPropertyValues("reprise.models.exclude=first")
        .run(
            context -> {
              ChatModel first = context.getBean("first", ChatModel.class);
              first.chat(QUESTION);
              first.chat(QUESTION);
              assertThat(context.getBean(ScriptedModels.Closed.class).calls).hasValue(2);
              ChatModel second = context.getBean("second", ChatModel.class);
              second.chat(QUESTION);
              second.chat(QUESTION);
              assertThat(context.getBean(CacheEngine.class).stats().requests()).isEqualTo(2);
              assertThat(context.getBean(CachedModels.class).skipped()).containsOnlyKeys("first");
            });
  }

  @Test
  void modeOffNeedsNoScope() {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(RepriseAutoConfiguration.class))
        .withUserConfiguration(RepriseAutoConfigurationTest.OpenModel.class)
        .withPropertyValues("reprise.mode=off", "reprise.tiers=memory")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context.getBean(ChatModel.class).chat(QUESTION)).isEqualTo(ANSWER);
            });
  }

  @Test
  void aScopeResolverThatThrowsIsNoErrorOfTheCallAndIsReportedOnce(CapturedOutput output) {
    runner
        .withUserConfiguration(RepriseAutoConfigurationTest.OpenModel.class)
        .withBean(
            ScopeResolver.class,
            () ->
                () -> {
                  throw new IllegalStateException("no security context on this thread");
                })
        .run(
            context -> {
              assertThat(context.getBean(ChatModel.class).chat(QUESTION)).isEqualTo(ANSWER);
              assertThat(context.getBean(ChatModel.class).chat(QUESTION)).isEqualTo(ANSWER);
              assertThat(context.getBean(CacheEngine.class).stats().bypassedByReason())
                  .isEqualTo(Map.of(Reason.Code.NO_SCOPE, 2L));
              assertThat(output.toString().split("The ScopeResolver bean failed", -1)).hasSize(2);
              assertThat(output).contains("no security context on this thread");
            });
  }

  @Test
  void observationsMayBeOff() {
    runner
        .withUserConfiguration(RepriseAutoConfigurationTest.OpenModel.class)
        .withBean(ObservationRegistry.class, () -> ObservationRegistry.NOOP)
        .run(
            context -> {
              context.getBean(ChatModel.class).chat(QUESTION);
              assertThat(context.getBean(ChatModel.class).chat(QUESTION)).isEqualTo(ANSWER);
              assertThat(context.getBean(CacheEngine.class).stats().exactHits()).isEqualTo(1);
            });
  }

  @Test
  void aModelOfAParentContextIsNamedAsNotCached(CapturedOutput output) {
    try (AnnotationConfigApplicationContext parent =
        new AnnotationConfigApplicationContext(RepriseAutoConfigurationTest.OpenModel.class)) {
      runner
          .withParent(parent)
          .run(
              context -> {
                assertThat(context.getBean(ChatModel.class).chat(QUESTION)).isEqualTo(ANSWER);
                assertThat(output.getAll()).containsOnlyOnce("Reprise caches nothing");
              });
    }
  }
}
