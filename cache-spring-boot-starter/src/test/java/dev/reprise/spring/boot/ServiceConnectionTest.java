package dev.reprise.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.milvus.MilvusContainer;

/** A container of Milvus or Redis with {@code @ServiceConnection} is used without a property. */
class ServiceConnectionTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  ServiceConnectionAutoConfiguration.class, RepriseAutoConfiguration.class))
          .withPropertyValues("reprise.scope=shop", "reprise.milvus.connect-deadline=50ms");

  /** Stands for a running container: no image can be pulled where the build runs. */
  private static final class Running extends MilvusContainer {
    private Running() {
      super("milvusdb/milvus:v2.5.14");
    }

    @Override
    public void start() {}

    @Override
    public void stop() {}

    @Override
    public String getHost() {
      return "127.0.0.1";
    }

    @Override
    public Integer getMappedPort(int port) {
      return port == 19530 ? 1 : 2;
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Milvus {
    @Bean
    @ServiceConnection
    MilvusContainer milvus() {
      return new Running();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Named {
    @Bean
    @ServiceConnection("milvusdb/milvus")
    GenericContainer<?> milvus() {
      return new Running();
    }
  }

  /** Stands for a running container of Redis. */
  private static final class RunningRedis extends GenericContainer<RunningRedis> {
    private RunningRedis() {
      super("redis:8");
    }

    @Override
    public void start() {}

    @Override
    public void stop() {}

    @Override
    public String getHost() {
      return "127.0.0.1";
    }

    @Override
    public Integer getMappedPort(int port) {
      return port == 6379 ? 1 : 2;
    }

    @Override
    public Integer getFirstMappedPort() {
      return 1;
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Redis {
    @Bean
    @ServiceConnection("redis")
    GenericContainer<?> redis() {
      return new RunningRedis();
    }
  }

  @Test
  void theAddressOfRedisIsUsed() {
    runner
        // Here are the factories of Boot 3 and of Boot 4, and both name their bean alike.
        .withAllowBeanDefinitionOverriding(true)
        .withUserConfiguration(Redis.class)
        .run(
            context -> {
              assertThat(context).hasSingleBean(CacheEngine.class);
              assertThat(
                      context.getBeansOfType(RedisAddressSource.class).values().stream()
                          .flatMap(source -> source.address().stream())
                          .map(RedisAddressSource.Address::url))
                  .containsExactly("redis://127.0.0.1:1/0");
            });
  }

  @Test
  void itsAddressIsUsed() {
    runner
        .withUserConfiguration(Milvus.class)
        .run(
            context -> {
              assertThat(context.getBean(MilvusConnectionDetails.class).uri())
                  .isEqualTo("http://127.0.0.1:1");
              assertThat(context).hasSingleBean(CacheEngine.class);
            });
  }

  @Test
  void itGoesBeforeTheProperty() {
    runner
        .withUserConfiguration(Milvus.class)
        .withPropertyValues("reprise.milvus.uri=http://127.0.0.1:9")
        .run(
            context ->
                assertThat(context.getBean(MilvusConnectionDetails.class).uri())
                    .isEqualTo("http://127.0.0.1:1"));
  }

  @Test
  void aContainerOfAnyClassIsKnownByItsName() {
    runner
        .withUserConfiguration(Named.class)
        .run(
            context ->
                assertThat(context.getBean(MilvusConnectionDetails.class).uri())
                    .isEqualTo("http://127.0.0.1:1"));
  }
}
