package dev.reprise.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.match.Matcher;
import dev.reprise.model.Scope;
import dev.reprise.policy.CachePolicy;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.tier.ExactTier;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.data.redis.RedisConnectionDetails;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What is set and has no effect is named once. */
@ExtendWith(OutputCaptureExtension.class)
class UnusedSettingsTest {
  private static final String NO_EFFECT = " has no effect: ";

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(RepriseAutoConfiguration.class))
          .withUserConfiguration(RepriseAutoConfigurationTest.OpenModel.class)
          .withPropertyValues("reprise.scope=shop", "reprise.tiers=memory");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reprise.redis.key-prefix|shop:|Redis is not used",
        "reprise.redis.pending-removals|target/owed|Redis is not used",
        "reprise.milvus.collection|shop|Milvus is not used",
        "reprise.milvus.token|root:Milvus|Milvus is not used",
        "reprise.hnsw.maximum-entries|5|vectors are not stored in this process",
        "reprise.matcher.threshold|0.9|neither hnsw nor milvus",
        "reprise.learning.judge|embedding|neither hnsw nor milvus",
      })
  void whatNoTierReadsIsNamed(String key, String value, String why, CapturedOutput output) {
    runner
        .withPropertyValues(key + "=" + value)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(output.getAll()).containsOnlyOnce(key + NO_EFFECT).contains(why);
              assertThat(output.getAll()).doesNotContain("root:Milvus");
            });
  }

  @Test
  void whatIsReadIsNotNamed(CapturedOutput output) {
    runner
        .withPropertyValues(
            "reprise.memory.maximum-size=8MB",
            "reprise.policy.maximum-temperature=1",
            "reprise.redis.enabled=false",
            "reprise.engine.candidates=3")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(output.getAll()).doesNotContain(NO_EFFECT, "WARN");
            });
  }

  @Test
  void whatABeanReplacesIsNamed(CapturedOutput output) {
    runner
        .withBean("ownTier", ExactTier.class, () -> CaffeineExactTier.builder().build())
        .withBean("ownPolicy", CachePolicy.class, () -> CachePolicy.builder().build())
        .withBean("ownMatcher", Matcher.class, () -> Matcher.threshold(0.9))
        .withBean("ownScopes", ScopeResolver.class, () -> () -> Scope.of("a"))
        .withPropertyValues(
            "reprise.memory.maximum-size=8MB",
            "reprise.policy.maximum-temperature=1",
            "reprise.policy.use-cases.question=exact:1h",
            "reprise.matcher.threshold=0.9",
            "reprise.tenant.header=X-Tenant")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(output.getAll())
                  .contains("reprise.memory.maximum-size" + NO_EFFECT + "the bean ownTier")
                  .contains(
                      "reprise.policy.maximum-temperature, reprise.policy.use-cases.question"
                          + NO_EFFECT
                          + "the bean ownPolicy")
                  .contains("reprise.matcher.threshold" + NO_EFFECT + "the bean ownMatcher")
                  .contains("reprise.tenant.header" + NO_EFFECT + "the bean ownScopes");
            });
  }

  @Test
  void whatAnOwnEngineReplacesIsNamed(CapturedOutput output) {
    runner
        .withBean("ownEngine", CacheEngine.class, () -> CacheEngine.builder().build())
        .withPropertyValues("reprise.mode=shadow", "reprise.redis.url=redis://:secret@127.0.0.1:1")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(output.getAll())
                  .contains("reprise.mode" + NO_EFFECT + "the bean ownEngine of CacheEngine")
                  .contains("reprise.redis.url" + NO_EFFECT)
                  .contains("reprise.tiers" + NO_EFFECT)
                  .doesNotContain("secret");
            });
  }

  @Test
  void namesThatNoModelHasAreNamed(CapturedOutput output) {
    runner
        .withPropertyValues(
            "reprise.models.include=*",
            "reprise.models.exclude=openaiChatModel",
            "reprise.models.use-case.opnModel=creative")
        .run(
            context ->
                assertThat(output.getAll())
                    .contains(
                        "reprise.models.exclude names openaiChatModel, but no model bean is called"
                            + " so. There are: openModel.")
                    .contains("reprise.models.use-case names opnModel")
                    .doesNotContain("reprise.models.include names"));
    runner
        .withPropertyValues("reprise.models.exclude=open*")
        .run(context -> assertThat(output.getAll()).contains("leaves out every model bean"));
  }

  @Test
  void anApplicationWithoutAModelBeanIsTold(CapturedOutput output) {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(RepriseAutoConfiguration.class))
        .withPropertyValues("reprise.scope=shop", "reprise.tiers=memory")
        .run(context -> assertThat(output.getAll()).containsOnlyOnce("Reprise caches nothing"));
  }

  @Test
  void milvusBesideADirectoryFailsTheStart(@TempDir Path directory) {
    ApplicationContextRunner kept =
        new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(RepriseAutoConfiguration.class))
            .withBean(MilvusConnectionDetails.class, () -> () -> "http://127.0.0.1:1")
            .withPropertyValues("reprise.scope=shop");
    kept.withPropertyValues("reprise.data-directory=" + directory)
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContainingAll(
                        "reprise.data-directory", "MilvusConnectionDetails", "@ServiceConnection"));
    kept.withClassLoader(new FilteredClassLoader("dev.reprise.milvus"))
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContainingAll(
                        "MilvusConnectionDetails", "dev.reprise:reprise-milvus"));
  }

  @Test
  void milvusThatTheTiersLeaveOutIsNamed(CapturedOutput output) {
    runner
        .withBean(MilvusConnectionDetails.class, () -> () -> "http://127.0.0.1:1")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(output.getAll())
                  .containsOnlyOnce("bean of MilvusConnectionDetails has no effect");
            });
  }

  @Test
  void springsRedisBesideADirectoryIsNamed(@TempDir Path directory, CapturedOutput output) {
    ApplicationContextRunner kept =
        new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(RepriseAutoConfiguration.class))
            .withBean(RedisConnectionDetails.class, SpringRedis::new)
            .withPropertyValues("reprise.scope=shop", "reprise.data-directory=" + directory);
    kept.withPropertyValues("reprise.redis.enabled=false")
        .run(context -> assertThat(output.getAll()).doesNotContain("spring.data.redis"));
    kept.run(
        context -> {
          assertThat(context).hasNotFailed();
          assertThat(output.getAll())
              .containsOnlyOnce("The Redis of spring.data.redis is not used for answers");
        });
  }

  private static final class SpringRedis implements RedisConnectionDetails {
    @Override
    public RedisConnectionDetails.Standalone getStandalone() {
      return RedisConnectionDetails.Standalone.of("127.0.0.1", 1);
    }
  }
}
