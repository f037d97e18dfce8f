package dev.reprise.quarkus.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.engine.CacheEngine;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineFactoryTest {
  private static final String KEY = "quarkus.reprise.data-directory";

  private static EngineFactory factory(Map<String, String> values) {
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(RepriseConfig.class);
    values.forEach(builder::withDefaultValue);
    return new EngineFactory(
        builder.build().getConfigMapping(RepriseConfig.class),
        Optional.of("redis://127.0.0.1:1"),
        EngineFactoryTest.class.getClassLoader());
  }

  /** A busy machine may miss the deadline of a lookup. */
  private static CacheEngine engine(Map<String, String> values) {
    return factory(values).builder().tierDeadline(Duration.ofSeconds(10)).build();
  }

  private static void ask(CacheEngine engine) {
    CacheRequest request =
        CacheRequest.builder(Scope.of("shop"))
            .provider("openai")
            .model("gpt-4o-mini")
            .user("When do you open?")
            .temperature(0)
            .build();
    var unused = engine.getOrCompute(request, () -> Answer.ofText("Every day from nine to five."));
  }

  @Test
  void aDirectoryKeepsAnswersOverARestart(@TempDir Path directory) {
    Map<String, String> values = Map.of(KEY, directory.toString());
    try (CacheEngine engine = engine(values)) {
      ask(engine);
      assertThatThrownBy(factory(values)::builder)
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining(KEY);
    }
    try (CacheEngine engine = engine(values)) {
      ask(engine);
      assertThat(engine.stats().exactHits()).isEqualTo(1);
    }
  }

  @Test
  void aDirectoryIsInPlaceOfServers() {
    assertThatThrownBy(
            factory(Map.of(KEY, "unused", "quarkus.reprise.milvus.uri", "http://127.0.0.1:1"))
                ::builder)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(KEY);
  }
}
