package dev.reprise.spring.boot;

import static dev.reprise.spring.boot.ScriptedModels.ANSWER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.reprise.engine.CacheEngine;
import dev.reprise.testservers.MilvusServer;
import dev.reprise.testservers.RedisServer;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.data.redis.RedisConnectionDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** One application stores its answers on real servers; another, started after it, has them. */
class ServersIT {
  private final String name = UUID.randomUUID().toString().replace("-", "");

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(RepriseAutoConfiguration.class))
          .withUserConfiguration(RepriseAutoConfigurationTest.OpenModel.class)
          // The machine may be busy.
          .withBean(
              RepriseEngineCustomizer.class,
              () -> builder -> builder.tierDeadline(Duration.ofSeconds(20)))
          .withPropertyValues(
              "reprise.scope=shop",
              "reprise.redis.key-prefix=boot-" + name + ":",
              "reprise.redis.deadline=20s",
              "reprise.milvus.collection=boot_" + name,
              "reprise.milvus.deadline=20s",
              "reprise.milvus.write-deadline=60s",
              "reprise.milvus.connect-deadline=60s");

  private static void assertThatAnswersAreShared(ApplicationContextRunner runner) {
    runner.run(
        context -> {
          assertThat(context.getBean(ChatModel.class).chat("How do I reset my password?"))
              .isEqualTo(ANSWER);
          CacheEngine engine = context.getBean(CacheEngine.class);
          assertThat(engine.drain(Duration.ofSeconds(60))).isTrue();
          assertThat(engine.stats().stored()).isEqualTo(1);
        });
    runner.run(
        context -> {
          ChatModel model = context.getBean(ChatModel.class);
          assertThat(model.chat("How can I reset my password?")).isEqualTo(ANSWER);
          assertThat(model.chat("How do I reset my password?")).isEqualTo(ANSWER);
          CacheEngine engine = context.getBean(CacheEngine.class);
          assertThat(engine.stats().semanticHits()).isEqualTo(1);
          assertThat(engine.stats().exactHits()).isEqualTo(1);
          assertThat(context.getBean(ScriptedModels.Open.class).calls()).isZero();
          assertThat(context.getBean(TierStates.class).away()).isEmpty();
        });
  }

  @Test
  void byProperties() {
    MilvusServer milvus = MilvusServer.shared();
    assertThatAnswersAreShared(
        runner
            .withPropertyValues(
                "reprise.redis.url=" + RedisServer.shared().url(),
                "reprise.milvus.uri=" + milvus.uri())
            .withPropertyValues(
                milvus.token().map(token -> "reprise.milvus.token=" + token).stream()
                    .toArray(String[]::new)));
  }

  @Test
  void byConnectionDetails() {
    assertThatAnswersAreShared(
        runner
            .withBean(RedisConnectionDetails.class, Redis::new)
            .withBean(MilvusConnectionDetails.class, Milvus::new));
  }

  /** What Spring Data Redis makes of {@code spring.data.redis.*}, and Testcontainers of one. */
  private static final class Redis implements RedisConnectionDetails {
    private final URI url = URI.create(RedisServer.shared().url());

    @Override
    public String getPassword() {
      String login = url.getUserInfo();
      return login == null ? null : login.substring(login.indexOf(':') + 1);
    }

    @Override
    public Standalone getStandalone() {
      return Standalone.of(url.getHost(), url.getPort() < 0 ? 6379 : url.getPort());
    }
  }

  private static final class Milvus implements MilvusConnectionDetails {
    @Override
    public String uri() {
      return MilvusServer.shared().uri();
    }

    @Override
    public String token() {
      return MilvusServer.shared().token().orElse(null);
    }
  }
}
