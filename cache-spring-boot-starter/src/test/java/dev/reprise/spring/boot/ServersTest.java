package dev.reprise.spring.boot;

import static dev.reprise.spring.boot.ScriptedModels.ANSWER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheEvent;
import dev.reprise.engine.CacheListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.data.redis.RedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Addresses of servers, and servers that are away. */
class ServersTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  RepriseAutoConfiguration.class, RepriseActuatorAutoConfiguration.class))
          .withBean(OpenCircuit.class)
          .withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
          .withPropertyValues("reprise.scope=shop");

  private static final RedisConnectionDetails.Node NODE_A =
      new RedisConnectionDetails.Node("a", 26379);
  private static final RedisConnectionDetails.Node NODE_B =
      new RedisConnectionDetails.Node("::1", 26380);

  /** Waits for a circuit that opens. */
  static final class OpenCircuit implements CacheListener {
    final CountDownLatch seen = new CountDownLatch(1);

    @Override
    public void onEvent(CacheEvent event) {
      if (event instanceof CacheEvent.Circuit circuit
          && circuit.state() == CacheEvent.CircuitState.OPEN) {
        seen.countDown();
      }
    }
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void theModelAnswersAndTheStatusIsNotDownWhileServersAreAway() throws IOException {
    int port = closedPort();
    runner
        .withPropertyValues(
            "reprise.redis.url=redis://:secret@127.0.0.1:" + port,
            "reprise.milvus.uri=http://127.0.0.1:" + port,
            "reprise.milvus.connect-deadline=200ms")
        .withUserConfiguration(RepriseAutoConfigurationTest.OpenModel.class)
        .run(
            context -> {
              ChatModel model = context.getBean(ChatModel.class);
              HealthIndicator health = context.getBean(HealthIndicator.class);
              for (int i = 0; i < 10; i++) {
                assertThat(model.chat("Question " + i + "?")).isEqualTo(ANSWER);
              }
              assertThat(context.getBean(OpenCircuit.class).seen.await(20, TimeUnit.SECONDS))
                  .isTrue();
              assertThat(health.health().getStatus()).isEqualTo(Status.UNKNOWN);
              assertThat(health.health().getDetails()).containsKey("tiersAway");
              assertThat(health.health().toString()).doesNotContain("secret");
            });
  }

  @Test
  void healthIsUpWithDetailsWhereEverythingIsThere() {
    runner
        .withPropertyValues("reprise.tiers=memory")
        .withUserConfiguration(RepriseAutoConfigurationTest.OpenModel.class)
        .run(
            context -> {
              HealthIndicator health = context.getBean(HealthIndicator.class);
              assertThat(health.health().getStatus()).isEqualTo(Status.UP);
              assertThat(health.health().getDetails())
                  .containsKeys("models", "requests", "hitRate")
                  .doesNotContainKey("tiersAway");
            });
    runner
        .withPropertyValues("reprise.tiers=memory", "management.health.reprise.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
  }

  @Test
  void aHealthIndicatorOfTheApplicationReplacesIt() {
    runner
        .withPropertyValues("reprise.tiers=memory")
        .withBean(
            "repriseHealthIndicator",
            HealthIndicator.class,
            () -> () -> Health.up().withDetail("by", "the application").build())
        .run(
            context ->
                assertThat(context.getBean(HealthIndicator.class).health().getDetails())
                    .containsOnlyKeys("by"));
  }

  @Test
  void healthIsThereOnBoot4() {
    runner
        .withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate.health"))
        .withPropertyValues("reprise.tiers=memory")
        .run(
            context ->
                assertThat(
                        context
                            .getBean(
                                org.springframework.boot.health.contributor.HealthIndicator.class)
                            .health()
                            .getStatus()
                            .getCode())
                    .isEqualTo("UP"));
  }

  @Test
  void springsConnectionDetailsOfRedisAreUsed() throws IOException {
    int port = closedPort();
    runner
        .withBean(
            RedisConnectionDetails.class,
            () ->
                new RedisConnectionDetails() {
                  @Override
                  public RedisConnectionDetails.Standalone getStandalone() {
                    return RedisConnectionDetails.Standalone.of("127.0.0.1", port, 3);
                  }

                  @Override
                  public String getPassword() {
                    return "p@ss/word";
                  }
                })
        .withPropertyValues("reprise.tiers=memory,redis")
        .run(
            context -> {
              assertThat(context).hasSingleBean(CacheEngine.class);
              assertThat(addresses(context.getBeansOfType(RedisAddressSource.class).values()))
                  .containsExactly("redis://:p%40ss%2Fword@127.0.0.1:" + port + "/3");
            });
    runner
        .withBean(RedisConnectionDetails.class, ServersTest::sentinel)
        .withPropertyValues("reprise.redis.enabled=false", "reprise.tiers=memory")
        .run(
            context ->
                assertThat(addresses(context.getBeansOfType(RedisAddressSource.class).values()))
                    .containsExactly(
                        "redis-sentinel://me:pw@a:26379,[::1]:26380/mymaster?db=1"
                            + "&sentinelUser=you&sentinelPassword=s"));
    runner
        .withBean(RedisConnectionDetails.class, ServersTest::cluster)
        .withPropertyValues("reprise.redis.enabled=false", "reprise.tiers=memory")
        .run(
            context ->
                assertThat(addresses(context.getBeansOfType(RedisAddressSource.class).values()))
                    .containsExactly("redis-cluster://a:26379,[::1]:26380"));
  }

  @Test
  void springsConnectionDetailsOfBoot4AreUsed() throws IOException {
    int port = closedPort();
    runner
        .withBean(
            DataRedisConnectionDetails.class,
            () ->
                new DataRedisConnectionDetails() {
                  @Override
                  public DataRedisConnectionDetails.Standalone getStandalone() {
                    return DataRedisConnectionDetails.Standalone.of("127.0.0.1", port);
                  }
                })
        .withPropertyValues("reprise.tiers=memory,redis")
        .run(
            context ->
                assertThat(addresses(context.getBeansOfType(RedisAddressSource.class).values()))
                    .containsExactly("redis://127.0.0.1:" + port + "/0"));
  }

  @Test
  void connectionDetailsOfMilvusReplaceTheProperties() throws IOException {
    int port = closedPort();
    runner
        .withBean(MilvusConnectionDetails.class, () -> () -> "http://127.0.0.1:" + port)
        .withPropertyValues("reprise.milvus.connect-deadline=200ms")
        .withUserConfiguration(RepriseAutoConfigurationTest.OpenModel.class)
        .run(
            context -> {
              for (int i = 0; i < 10; i++) {
                assertThat(context.getBean(ChatModel.class).chat("Why " + i + "?"))
                    .isEqualTo(ANSWER);
              }
              assertThat(context.getBean(OpenCircuit.class).seen.await(20, TimeUnit.SECONDS))
                  .isTrue();
              assertThat(context.getBean(TierStates.class).away().keySet())
                  .anyMatch(tier -> tier.startsWith("milvus"));
            });
  }

  private static List<String> addresses(Iterable<RedisAddressSource> sources) {
    return StreamSupport.stream(sources.spliterator(), false)
        .map(RedisAddressSource::address)
        .flatMap(Optional::stream)
        .map(RedisAddressSource.Address::url)
        .toList();
  }

  private static RedisConnectionDetails cluster() {
    return new RedisConnectionDetails() {
      @Override
      public Cluster getCluster() {
        return () -> List.of(NODE_A, NODE_B);
      }
    };
  }

  private static RedisConnectionDetails sentinel() {
    return new RedisConnectionDetails() {
      @Override
      public String getUsername() {
        return "me";
      }

      @Override
      public String getPassword() {
        return "pw";
      }

      @Override
      public Sentinel getSentinel() {
        return new Sentinel() {
          @Override
          public int getDatabase() {
            return 1;
          }

          @Override
          public String getMaster() {
            return "mymaster";
          }

          @Override
          public List<RedisConnectionDetails.Node> getNodes() {
            return List.of(NODE_A, NODE_B);
          }

          @Override
          public String getUsername() {
            return "you";
          }

          @Override
          public String getPassword() {
            return "s";
          }
        };
      }
    };
  }
}
