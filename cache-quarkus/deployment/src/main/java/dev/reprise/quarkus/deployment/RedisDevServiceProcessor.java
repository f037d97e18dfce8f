package dev.reprise.quarkus.deployment;

import dev.reprise.quarkus.runtime.RepriseBuildConfig;
import io.quarkus.bootstrap.classloading.QuarkusClassLoader;
import io.quarkus.deployment.Capabilities;
import io.quarkus.deployment.Capability;
import io.quarkus.deployment.IsDevServicesSupportedByLaunchMode;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.BuildSteps;
import io.quarkus.deployment.builditem.DevServicesResultBuildItem;
import io.quarkus.deployment.builditem.DockerStatusBuildItem;
import io.quarkus.deployment.dev.devservices.DevServicesConfig;
import io.quarkus.devservices.common.StartableContainer;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Starts a Redis in dev mode and in tests. It stays over reloads, and so do the answers in it.
 * Never in a packaged application.
 */
@BuildSteps(
    onlyIf = {
      IsEnabled.class,
      IsDevServicesSupportedByLaunchMode.class,
      DevServicesConfig.Enabled.class
    })
class RedisDevServiceProcessor {
  private static final Logger LOG = Logger.getLogger("dev.reprise.quarkus");
  private static final int PORT = 6379;

  @BuildStep
  void redis(
      RepriseBuildConfig config,
      DevServicesConfig global,
      DockerStatusBuildItem docker,
      Capabilities capabilities,
      BuildProducer<DevServicesResultBuildItem> services) {
    Config all = ConfigProvider.getConfig();
    Optional<String> whyNot =
        new RedisDevService(
                config.devservices().enabled(),
                QuarkusClassLoader.isClassPresentAtRuntime("dev.reprise.redis.RedisExactTier"),
                capabilities.isPresent(Capability.REDIS_CLIENT),
                key -> all.getOptionalValue(key, String.class),
                docker::isContainerRuntimeAvailable)
            .whyNot();
    if (whyNot.isPresent()) {
      LOG.logf(
          whyNot.get().equals(RedisDevService.NO_CONTAINERS)
              ? Logger.Level.INFO
              : Logger.Level.DEBUG,
          "No Redis is started for the cache: %s",
          whyNot.get());
      return;
    }
    String image = config.devservices().imageName();
    services.produce(
        DevServicesResultBuildItem.owned()
            .feature("reprise")
            .description("The Redis of the semantic cache")
            .serviceConfig(image)
            .startable(() -> container(image, global))
            .configProvider(Map.of(RedisDevService.URL, StartableContainer::getConnectionInfo))
            .build());
  }

  private static StartableContainer<GenericContainer<?>> container(
      String image, DevServicesConfig global) {
    GenericContainer<?> redis =
        new GenericContainer<>(DockerImageName.parse(image)).withExposedPorts(PORT);
    global.timeout().ifPresent(redis::withStartupTimeout);
    return new StartableContainer<>(
        redis, started -> "redis://" + started.getHost() + ":" + started.getMappedPort(PORT));
  }
}
