package dev.reprise.spring.boot;

import static dev.reprise.spring.boot.ScriptedModels.ANSWER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheMetrics;
import dev.reprise.engine.ContributorResolver;
import dev.reprise.langchain4j.CachingChatModel;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Contributor;
import dev.reprise.model.Reason;
import dev.reprise.model.Scope;
import dev.reprise.model.Tag;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.UseCaseRule;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class RepriseAutoConfigurationTest {
  private static final String QUESTION = "How do I reset my password?";

  /** Exact only, so that no model is loaded. */
  private final ApplicationContextRunner exact =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  RepriseAutoConfiguration.class, RepriseActuatorAutoConfiguration.class))
          .withPropertyValues("reprise.scope=shop", "reprise.tiers=memory");

  @Configuration(proxyBeanMethods = false)
  static class OpenModel {
    @Bean
    ScriptedModels.Open openModel() {
      return new ScriptedModels.Open("open");
    }
  }

  /** Injects the model by its class. */
  record Consumer(ScriptedModels.Open model) {}

  @Configuration(proxyBeanMethods = false)
  static class ConsumerByClass {
    @Bean
    Consumer consumer(ScriptedModels.Open model) {
      return new Consumer(model);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class ClosedModelByInterface {
    static final ScriptedModels.Closed MODEL = new ScriptedModels.Closed();

    @Bean
    ChatModel closedModel() {
      return MODEL;
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class ClosedModelByClass {
    @Bean
    ScriptedModels.Closed closedModel() {
      return new ScriptedModels.Closed();
    }
  }

  /** Injects the model, and all models, by the interface. */
  record ConsumerOfInterface(ChatModel model, List<ChatModel> all) {}

  @Configuration(proxyBeanMethods = false)
  static class ConsumerByInterface {
    @Bean
    ConsumerOfInterface consumerOfInterface(ChatModel model, List<ChatModel> all) {
      return new ConsumerOfInterface(model, all);
    }
  }

  /** Injects the model by its final class. */
  record ConsumerOfFinalClass(ScriptedModels.Closed model) {}

  @Configuration(proxyBeanMethods = false)
  static class ConsumersOfFinalClass {
    @Bean
    ConsumerOfFinalClass one(ScriptedModels.Closed model) {
      return new ConsumerOfFinalClass(model);
    }

    @Bean
    ConsumerOfFinalClass two(ScriptedModels.Closed model) {
      return new ConsumerOfFinalClass(model);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class BothModel {
    @Bean
    ScriptedModels.Both bothModel() {
      return new ScriptedModels.Both();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Decorated {
    @Bean
    ScriptedModels.Open inner() {
      return new ScriptedModels.Open("inner");
    }

    @Bean
    ChatModel outer(@Qualifier("inner") ChatModel inner) {
      return new ScriptedModels.Decorator(inner);
    }
  }

  @Test
  void aResolverBeanNamesTheContributor() {
    Contributor ann = Contributor.of("ann");
    exact
        .withPropertyValues("reprise.engine.promotion-after=2")
        .withBean(ContributorResolver.class, () -> request -> ann)
        .run(
            context -> {
              CacheEngine engine = context.getBean(CacheEngine.class);
              engine.getOrCompute(
                  CacheRequest.builder(Scope.of("shop")).user(QUESTION).temperature(0).build(),
                  () -> Answer.ofText(ANSWER));
              assertThat(engine.invalidate(Tag.contributor(ann))).isEqualTo(1);
            });
  }

  @Test
  void aDirectoryKeepsAnswersOverARestart(@TempDir Path directory) {
    ApplicationContextRunner kept =
        new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(RepriseAutoConfiguration.class))
            .withUserConfiguration(OpenModel.class)
            // A busy machine may miss the deadline of a lookup.
            .withBean(
                RepriseEngineCustomizer.class,
                () -> builder -> builder.tierDeadline(Duration.ofSeconds(10)))
            .withPropertyValues("reprise.scope=shop", "reprise.data-directory=" + directory);
    kept.run(context -> context.getBean(ChatModel.class).chat(QUESTION));
    kept.run(
        context -> {
          assertThat(context.getBean(ChatModel.class).chat(QUESTION)).isEqualTo(ANSWER);
          assertThat(context.getBean(ScriptedModels.Open.class).calls()).isZero();
          kept.run(
              second ->
                  assertThat(second.getStartupFailure())
                      .rootCause()
                      .hasMessageContaining("reprise.data-directory"));
        });
  }

  @Test
  void theDefaultsHitExactlyAndByMeaning() {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                RepriseAutoConfiguration.class, RepriseActuatorAutoConfiguration.class))
        .withUserConfiguration(OpenModel.class)
        .withPropertyValues("reprise.scope=shop")
        .run(
            context -> {
              ChatModel model = context.getBean(ChatModel.class);
              CacheEngine engine = context.getBean(CacheEngine.class);
              assertThat(model.chat(QUESTION)).isEqualTo(ANSWER);
              assertThat(engine.drain(Duration.ofSeconds(30))).isTrue();
              assertThat(model.chat(QUESTION)).isEqualTo(ANSWER);
              assertThat(model.chat("How can I reset my password?")).isEqualTo(ANSWER);
              assertThat(engine.stats().exactHits()).isEqualTo(1);
              assertThat(engine.stats().semanticHits()).isEqualTo(1);
              assertThat(context.getBean(ScriptedModels.Open.class).calls()).isEqualTo(1);
            });
  }

  @Test
  void aBeanIsStillInjectedByItsClass() {
    exact
        .withUserConfiguration(OpenModel.class, ConsumerByClass.class)
        .run(
            context -> {
              ScriptedModels.Open model = context.getBean(Consumer.class).model();
              assertThat(model.chat(QUESTION)).isEqualTo(ANSWER);
              assertThat(model.chat(QUESTION)).isEqualTo(ANSWER);
              assertThat(model.calls()).isEqualTo(1);
              assertThat(context.getBean(CachedModels.class).names()).containsExactly("openModel");
              assertThat(
                      context.getBean(CachedModels.class).find("openModel", CachingChatModel.class))
                  .isPresent();
            });
  }

  @Test
  void aFinalClassIsCachedWhereItIsDeclaredAsTheInterface() {
    exact
        .withUserConfiguration(ClosedModelByInterface.class)
        .run(
            context -> {
              int before = ClosedModelByInterface.MODEL.calls.get();
              ChatModel model = context.getBean(ChatModel.class);
              model.chat(QUESTION);
              model.chat(QUESTION);
              assertThat(ClosedModelByInterface.MODEL.calls.get() - before).isEqualTo(1);
              assertThat(model).isInstanceOf(AutoCloseable.class);
            });
  }

  @Test
  void aFinalClassThatIsDeclaredAsItselfIsCachedWhereTheInterfaceIsInjected(CapturedOutput output) {
    exact
        .withUserConfiguration(ClosedModelByClass.class, ConsumerByInterface.class)
        .run(
            context -> {
              ChatModel model = context.getBean(ConsumerOfInterface.class).model();
              model.chat(QUESTION);
              model.chat(QUESTION);
              assertThat(context.getBean(ScriptedModels.Closed.class).calls).hasValue(1);
              assertThat(context.getBean("closedModel")).isSameAs(model);
              assertThat(context.getBean(ChatModel.class)).isSameAs(model);
              assertThat(context.getBean(ConsumerOfInterface.class).all()).containsExactly(model);
              assertThat(context.getBean(CachedModels.class).names())
                  .containsExactly("closedModel");
              assertThat(output.getAll()).doesNotContain("is injected by its class");
            });
  }

  @Test
  void aFinalClassThatIsInjectedByItselfIsLeftAloneThereAndNamedOnce(CapturedOutput output) {
    exact
        .withUserConfiguration(ConsumersOfFinalClass.class, ClosedModelByClass.class)
        .run(
            context -> {
              ConsumerOfFinalClass consumer = context.getBean("one", ConsumerOfFinalClass.class);
              consumer.model().chat(QUESTION);
              consumer.model().chat(QUESTION);
              assertThat(consumer.model().calls).hasValue(2);
              assertThat(context.getBean("two", ConsumerOfFinalClass.class).model())
                  .isSameAs(consumer.model());
              assertThat(output.getAll())
                  .containsOnlyOnce("The bean closedModel is injected by its class")
                  .contains("Inject the interface");
            });
    exact
        .withUserConfiguration(ConsumersOfFinalClass.class, ClosedModelByClass.class)
        .withPropertyValues("reprise.models.exclude=closed*")
        .run(context -> assertThat(context).hasNotFailed().hasSingleBean(ChatModel.class));
  }

  @Test
  void aModelThatIsAwaitedAndStreamsIsCachedAsBoth() {
    exact
        .withUserConfiguration(BothModel.class)
        .run(
            context -> {
              ScriptedModels.Both model = context.getBean(ScriptedModels.Both.class);
              StreamingChatModel streaming = model;
              assertThat(ScriptedModels.stream(streaming, QUESTION)).isEqualTo(ANSWER);
              assertThat(ScriptedModels.stream(streaming, QUESTION)).isEqualTo(ANSWER);
              assertThat(((ChatModel) model).chat(QUESTION)).isEqualTo(ANSWER);
              CacheEngine engine = context.getBean(CacheEngine.class);
              assertThat(engine.stats().upstreamCalls()).isEqualTo(1);
              assertThat(engine.stats().exactHits()).isEqualTo(2);
            });
  }

  @Test
  @Timeout(20)
  void aModelThatAsksAnotherOneDoesNotWaitForItself() {
    exact
        .withUserConfiguration(Decorated.class)
        .run(
            context -> {
              ChatModel outer = context.getBean("outer", ChatModel.class);
              ScriptedModels.Open inner = context.getBean(ScriptedModels.Open.class);
              outer.chat(QUESTION);
              outer.chat(QUESTION);
              assertThat(inner.calls()).isEqualTo(1);
              // Two beans may differ in what no request shows: they share nothing.
              inner.chat(QUESTION);
              inner.chat(QUESTION);
              assertThat(inner.calls()).isEqualTo(2);
            });
  }

  @Test
  void modelsAreIncludedAndExcludedByName() {
    exact
        .withUserConfiguration(Decorated.class)
        .withPropertyValues("reprise.models.exclude=in*")
        .run(
            context -> {
              CachedModels models = context.getBean(CachedModels.class);
              assertThat(models.names()).containsExactly("outer");
              assertThat(models.skipped()).containsOnlyKeys("inner");
            });
    exact
        .withUserConfiguration(Decorated.class)
        .withPropertyValues("reprise.models.include=inner")
        .run(
            context ->
                assertThat(context.getBean(CachedModels.class).names()).containsExactly("inner"));
  }

  @Test
  void aUseCaseIsSetByBean() {
    exact
        .withUserConfiguration(OpenModel.class)
        .withPropertyValues("reprise.models.use-case.openModel=creative")
        .run(
            context -> {
              context.getBean(ChatModel.class).chat(QUESTION);
              assertThat(context.getBean(CacheEngine.class).stats().bypassedByReason())
                  .isEqualTo(Map.of(Reason.Code.CREATIVE, 1L));
            });
  }

  @Test
  void itIsSwitchedOff() {
    exact
        .withUserConfiguration(OpenModel.class)
        .withPropertyValues("reprise.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(CacheEngine.class));
    exact
        .withUserConfiguration(OpenModel.class)
        .withPropertyValues("reprise.mode=off")
        .run(
            context -> {
              ScriptedModels.Open model = context.getBean(ScriptedModels.Open.class);
              model.chat(QUESTION);
              model.chat(QUESTION);
              assertThat(model.calls()).isEqualTo(2);
              assertThat(context.getBean(CachedModels.class).names()).isEmpty();
            });
  }

  @Test
  void inShadowModeNothingIsServed() {
    exact
        .withUserConfiguration(OpenModel.class)
        .withPropertyValues("reprise.mode=shadow")
        .run(
            context -> {
              ScriptedModels.Open model = context.getBean(ScriptedModels.Open.class);
              model.chat(QUESTION);
              model.chat(QUESTION);
              assertThat(model.calls()).isEqualTo(2);
              assertThat(context.getBean(CacheEngine.class).stats().shadow().exactHits())
                  .isEqualTo(1);
            });
  }

  @Test
  void theApplicationsOwnBeansGoFirst() {
    CacheEngine own = CacheEngine.builder().build();
    exact
        .withBean("ownEngine", CacheEngine.class, () -> own)
        .withUserConfiguration(OpenModel.class)
        .run(
            context -> {
              assertThat(context).hasSingleBean(CacheEngine.class);
              context.getBean(ChatModel.class).chat(QUESTION);
              assertThat(own.stats().computed()).isEqualTo(1);
            });
    CachePolicy policy = CachePolicy.builder().maximumTemperature(1).build();
    CacheMetrics metrics = CacheMetrics.named("own");
    exact
        .withBean("ownPolicy", CachePolicy.class, () -> policy)
        .withBean("ownMetrics", CacheMetrics.class, () -> metrics)
        .run(
            context -> {
              assertThat(context.getBean(CachePolicy.class)).isSameAs(policy);
              assertThat(context.getBean(CacheMetrics.class)).isSameAs(metrics);
            });
  }

  @Test
  void theScopeComesFromABeanAndARequestWithoutOneIsNotCached() {
    Scope[] scope = {Scope.of("a")};
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(RepriseAutoConfiguration.class))
        .withPropertyValues("reprise.tiers=memory")
        .withUserConfiguration(OpenModel.class)
        .withBean(ScopeResolver.class, () -> () -> scope[0])
        .run(
            context -> {
              ScriptedModels.Open model = context.getBean(ScriptedModels.Open.class);
              CacheEngine engine = context.getBean(CacheEngine.class);
              model.chat(QUESTION);
              scope[0] = Scope.of("b");
              model.chat(QUESTION);
              assertThat(engine.stats().exactHits()).isZero();
              scope[0] = null;
              model.chat(QUESTION);
              assertThat(engine.stats().bypassedByReason())
                  .isEqualTo(Map.of(Reason.Code.NO_SCOPE, 1L));
              scope[0] = Scope.of("a");
              model.chat(QUESTION);
              assertThat(engine.stats().exactHits()).isEqualTo(1);
            });
  }

  @Test
  void theEngineIsCustomizedAndClosedWithTheContext() {
    ScriptedModels.Open[] model = new ScriptedModels.Open[1];
    CacheEngine[] engine = new CacheEngine[1];
    exact
        .withUserConfiguration(OpenModel.class)
        .withBean(
            RepriseEngineCustomizer.class,
            () -> builder -> builder.policy(CachePolicy.builder().rule(never()).build()))
        .run(
            context -> {
              model[0] = context.getBean(ScriptedModels.Open.class);
              engine[0] = context.getBean(CacheEngine.class);
              model[0].chat(QUESTION);
              assertThat(engine[0].stats().bypassed()).isEqualTo(1);
            });
    assertThat(model[0].chat(QUESTION)).isEqualTo(ANSWER);
    assertThat(engine[0].stats().bypassedByReason()).containsKey(Reason.Code.CLOSED);
  }

  private static UseCaseRule never() {
    return UseCaseRule.parse("question", "never");
  }

  @Test
  void itStartsWithoutActuatorMicrometerServletsAndServers() {
    exact
        .withClassLoader(
            new FilteredClassLoader(
                "io.micrometer",
                "org.springframework.boot.actuate",
                "org.springframework.boot.health",
                "org.springframework.boot.data",
                "org.springframework.boot.autoconfigure.data",
                "org.springframework.web",
                "jakarta",
                "dev.reprise.redis",
                "dev.reprise.milvus"))
        .withUserConfiguration(OpenModel.class)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context).doesNotHaveBean(RepriseEndpoint.class);
              context.getBean(ChatModel.class).chat(QUESTION);
            });
    exact
        .withClassLoader(new FilteredClassLoader("dev.langchain4j.model.chat"))
        .run(context -> assertThat(context).hasSingleBean(CacheEngine.class));
  }

  @Test
  void theMetersCountWhatTheEngineDoes() {
    exact
        .withUserConfiguration(OpenModel.class)
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .run(
            context -> {
              MeterRegistry registry = context.getBean(MeterRegistry.class);
              context.getBean(CacheMetrics.class).bindTo(registry);
              context.getBean(ChatModel.class).chat(QUESTION);
              context.getBean(ChatModel.class).chat(QUESTION);
              assertThat(registry.get("cache.gets").tag("result", "hit").counter().count())
                  .isEqualTo(1);
            });
  }
}
