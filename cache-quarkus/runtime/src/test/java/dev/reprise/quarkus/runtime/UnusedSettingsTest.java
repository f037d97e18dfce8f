package dev.reprise.quarkus.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is set and has no effect is named once. */
class UnusedSettingsTest {
  private final List<String> warnings = new ArrayList<>();

  private static SmallRyeConfig config(Map<String, String> values) {
    return new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .withMapping(RepriseConfig.class)
        .withSources(new PropertiesConfigSource(values, "application", 250))
        .build();
  }

  private void warn(Map<String, String> values, Optional<String> clientRedis, boolean ownPolicy) {
    SmallRyeConfig config = config(values);
    new UnusedSettings(config, warnings::add)
        .warn(config.getConfigMapping(RepriseConfig.class), clientRedis, true, ownPolicy);
  }

  @Test
  void settingsOfServersThatAreNotUsedAreNamed() {
    warn(
        Map.of(
            "quarkus.reprise.redis.key-prefix", "shop:",
            "quarkus.reprise.milvus.token", "root:Milvus",
            "quarkus.reprise.milvus.index-parameters.M", "8"),
        Optional.empty(),
        false);
    assertThat(warnings)
        .containsExactly(
            "quarkus.reprise.redis.key-prefix has no effect: no Redis is used;"
                + " quarkus.reprise.redis.url names one.",
            "quarkus.reprise.milvus.index-parameters.M, quarkus.reprise.milvus.token has no effect:"
                + " no Milvus is used; quarkus.reprise.milvus.uri names one.");
  }

  @Test
  void defaultsAndWhatIsUsedAreNotNamed() {
    warn(
        Map.of(
            "quarkus.reprise.scope", "shop",
            "quarkus.reprise.redis.key-prefix", "shop:",
            "quarkus.reprise.milvus.uri", "http://127.0.0.1:1",
            "quarkus.reprise.milvus.collection", "shop",
            "quarkus.reprise.maximum-temperature", "1"),
        Optional.of("redis://127.0.0.1:1"),
        false);
    assertThat(warnings).isEmpty();
  }

  @Test
  void whatADirectoryReplacesIsNamed() {
    warn(
        Map.of("quarkus.reprise.data-directory", "kept", "quarkus.reprise.redis.deadline", "1s"),
        Optional.of("redis://:secret@127.0.0.1:1"),
        false);
    assertThat(warnings)
        .hasSize(2)
        .anyMatch(line -> line.startsWith("quarkus.reprise.redis.deadline has no effect"))
        .anyMatch(line -> line.startsWith("The Redis of quarkus.redis.hosts is not used"))
        .noneMatch(line -> line.contains("secret"));
  }

  @Test
  void whatABeanReplacesIsNamed() {
    warn(Map.of("quarkus.reprise.maximum-temperature", "1"), Optional.empty(), true);
    assertThat(warnings).singleElement().asString().contains("CachePolicy bean");
    warnings.clear();
    new UnusedSettings(
            config(Map.of("quarkus.reprise.redis.url", "x", "quarkus.reprise.scope", "shop")),
            warnings::add)
        .warnOfOwnEngine();
    assertThat(warnings)
        .containsExactly(
            "quarkus.reprise.redis.url has no effect: the application's CacheEngine bean is in its"
                + " place.");
  }

  @Test
  void namesThatNoModelHasAreNamed() {
    SmallRyeConfig config = config(Map.of("quarkus.reprise.models.exclude", "draft,second"));
    new UnusedSettings(config, warnings::add)
        .warnOfNames(config.getConfigMapping(RepriseConfig.class), Set.of("<default>", "second"));
    assertThat(warnings)
        .containsExactly(
            "quarkus.reprise.models.exclude names draft, but no model bean is called so. There"
                + " are: <default>, second.");
  }
}
