package dev.reprise.quarkus.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.embed.Embedder;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.engine.CacheEngine;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineFactoryTest {
  private static final String KEY = "quarkus.reprise.data-directory";

  private static EngineFactory factory(Map<String, String> values) {
    return factory(values, MiniLmEmbedder::load);
  }

  private static EngineFactory factory(Map<String, String> values, Supplier<Embedder> embedders) {
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(RepriseConfig.class);
    values.forEach(builder::withDefaultValue);
    return new EngineFactory(
        builder.build().getConfigMapping(RepriseConfig.class),
        Optional.of("redis://127.0.0.1:1"),
        EngineFactoryTest.class.getClassLoader(),
        embedders);
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

  /** As on a platform for which ONNX Runtime has no library, and in a native image without one. */
  @Test
  void whereTheModelsCannotBeLoadedTheCacheMatchesExactly(@TempDir Path directory) {
    Supplier<Embedder> none =
        () -> {
          throw new UnsatisfiedLinkError("no onnxruntime4j_jni in java.library.path");
        };
    for (Map<String, String> values :
        List.of(Map.<String, String>of(), Map.of(KEY, directory.toString()))) {
      try (CacheEngine engine =
          factory(values, none).builder().tierDeadline(Duration.ofSeconds(10)).build()) {
        ask(engine);
        ask(engine);
        assertThat(engine.stats().exactHits()).isEqualTo(1);
      }
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

  @ParameterizedTest
  @CsvSource({
    "collection,1st",
    "previous-collection,reprise",
    "index-parameters.nlist,100",
    "search-parameters.ef,many",
    "time-to-live,PT0S",
    "deadline,PT1H",
    "write-deadline,PT1H",
    "connect-deadline,PT0S",
  })
  void aWrongOptionOfMilvusIsReportedWithItsKey(String option, String value) {
    String key = "quarkus.reprise.milvus." + option;
    assertThatThrownBy(
            factory(Map.of("quarkus.reprise.milvus.uri", "http://127.0.0.1:1", key, value))
                ::builder)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(key);
  }

  @Test
  void theStorageOfMilvusIsConfigured() {
    Map<String, String> values = new HashMap<>();
    values.put("uri", "http://127.0.0.1:1");
    values.put("index", "IVF_RABITQ");
    values.put("index-parameters.NList", "2048");
    values.put("search-parameters.nprobe", "32");
    values.put("partitions", "by-fingerprint");
    values.put("mmap", "true");
    values.put("time-to-live", "P30D");
    values.put("consistency", "session");
    values.put("previous-collection", "older");
    Map<String, String> keys = new HashMap<>();
    values.forEach((option, value) -> keys.put("quarkus.reprise.milvus." + option, value));
    try (CacheEngine engine = factory(keys).builder().build()) {
      assertThat(engine.stats().requests()).isZero();
    }
  }
}
