package dev.reprise.quarkus.runtime;

import io.quarkus.runtime.annotations.ConfigPhase;
import io.quarkus.runtime.annotations.ConfigRoot;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;

/** What is decided when the application is built. */
@ConfigMapping(prefix = "quarkus.reprise")
@ConfigRoot(phase = ConfigPhase.BUILD_TIME)
public interface RepriseBuildConfig {
  /**
   * Whether the extension does anything. With {@code false} the application is built as if it were
   * not there. To switch the cache off at run time, set {@code quarkus.reprise.mode=off}.
   */
  @WithDefault("true")
  boolean enabled();

  /** Whether SmallRye Health shows the cache, where the application has it. */
  @WithName("health.enabled")
  @WithDefault("true")
  boolean healthEnabled();

  /** Whether Micrometer has the meters of the cache, where the application has it. */
  @WithName("metrics.enabled")
  @WithDefault("true")
  boolean metricsEnabled();

  /** The Redis that is started in dev mode and in tests. */
  DevServices devservices();

  /** The Redis that is started in dev mode and in tests. */
  interface DevServices {
    /**
     * Whether a Redis is started where the application has {@code reprise-redis} and names no
     * server. It needs a container runtime.
     */
    @WithDefault("true")
    boolean enabled();

    /** The image of the Redis. */
    @WithDefault("docker.io/redis:8")
    String imageName();
  }
}
