package dev.reprise.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.deployment.IsDevServicesSupportedByLaunchMode;
import io.quarkus.deployment.annotations.BuildSteps;
import io.quarkus.deployment.dev.devservices.DevServicesConfig;
import io.quarkus.runtime.LaunchMode;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a Redis is started, and when not. No container is started here. */
class RedisDevServiceTest {
  private static Optional<String> whyNot(Map<String, String> configured) {
    return new RedisDevService(
            true, true, false, key -> Optional.ofNullable(configured.get(key)), () -> true)
        .whyNot();
  }

  private static Optional<String> whyNot(
      boolean enabled, boolean hasTier, boolean hasClient, boolean hasContainers) {
    return new RedisDevService(
            enabled, hasTier, hasClient, key -> Optional.empty(), () -> hasContainers)
        .whyNot();
  }

  @Test
  void itIsStartedWhereTheApplicationHasTheTierAndNamesNoServer() {
    assertThat(whyNot(true, true, false, true)).isEmpty();
    assertThat(whyNot(Map.of("quarkus.reprise.redis.url", " ", "quarkus.reprise.mode", "shadow")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "quarkus.reprise.redis.url, redis://127.0.0.1:6379",
    "quarkus.reprise.data-directory, kept",
    "quarkus.redis.hosts, redis://127.0.0.1:6379",
    "quarkus.reprise.mode, OFF",
  })
  void itIsNotStartedWhereTheConfigurationNeedsNone(String key, String value) {
    assertThat(whyNot(Map.of(key, value))).get().asString().startsWith(key);
  }

  @Test
  void itIsNotStartedWhereItIsSwitchedOffUnusedOrImpossible() {
    assertThat(whyNot(false, true, false, true))
        .contains("quarkus.reprise.devservices.enabled is false");
    assertThat(whyNot(true, false, false, true)).get().asString().contains("reprise-redis");
    assertThat(whyNot(true, true, true, true)).get().asString().contains("Redis client");
    assertThat(whyNot(true, true, false, false)).contains(RedisDevService.NO_CONTAINERS);
  }

  @Test
  void itIsNeverStartedForAPackagedApplication() {
    assertThat(RedisDevServiceProcessor.class.getAnnotation(BuildSteps.class).onlyIf())
        .contains(
            IsEnabled.class,
            IsDevServicesSupportedByLaunchMode.class,
            DevServicesConfig.Enabled.class);
    assertThat(new IsDevServicesSupportedByLaunchMode(LaunchMode.NORMAL).getAsBoolean()).isFalse();
    assertThat(new IsDevServicesSupportedByLaunchMode(LaunchMode.DEVELOPMENT).getAsBoolean())
        .isTrue();
  }
}
