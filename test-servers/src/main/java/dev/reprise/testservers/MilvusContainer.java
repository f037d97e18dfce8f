package dev.reprise.testservers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** Milvus standalone in a container: etcd inside, data on the container's own disk. */
final class MilvusContainer implements MilvusServer.Backend {
  private static final int GRPC_PORT = 19530;
  private static final int HEALTH_PORT = 9091;
  private static final Duration START_DEADLINE = Duration.ofMinutes(3);

  private final GenericContainer<?> container;
  private final String uri;
  private final int healthPort;

  private MilvusContainer(GenericContainer<?> container, String uri, int healthPort) {
    this.container = container;
    this.uri = uri;
    this.healthPort = healthPort;
  }

  static String image() {
    return Settings.find(MilvusServer.IMAGE_VARIABLE).orElse(MilvusServer.DEFAULT_IMAGE);
  }

  static MilvusServer.Backend start() {
    if (DockerProbe.find().isEmpty() || !DockerClientFactory.instance().isDockerAvailable()) {
      throw new TestServerException("no Docker daemon answers");
    }
    haveImage();
    int[] ports = FreePorts.find(2);
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(image()))
            .withCommand("milvus", "run", "standalone")
            .withEnv("DEPLOY_MODE", "STANDALONE")
            .withEnv("ETCD_USE_EMBED", "true")
            .withEnv("ETCD_DATA_DIR", "/var/lib/milvus/etcd")
            .withEnv("COMMON_STORAGETYPE", "local")
            .withExposedPorts(GRPC_PORT, HEALTH_PORT)
            // Fixed ports: Docker gives a restarted container new ones otherwise.
            .withCreateContainerCmdModifier(
                command ->
                    java.util.Objects.requireNonNull(command.getHostConfig())
                        .withPortBindings(
                            binding(ports[0], GRPC_PORT), binding(ports[1], HEALTH_PORT)))
            .waitingFor(
                Wait.forHttp("/healthz").forPort(HEALTH_PORT).withStartupTimeout(START_DEADLINE));
    try {
      container.start();
    } catch (RuntimeException e) {
      container.stop();
      throw new TestServerException("image " + image() + " does not start: " + e, e);
    }
    String host = container.getHost();
    String address = host.equals("localhost") ? "127.0.0.1" : host;
    return new MilvusContainer(container, "http://" + address + ":" + ports[0], ports[1]);
  }

  private static PortBinding binding(int host, int inside) {
    return new PortBinding(Ports.Binding.bindPort(host), new ExposedPort(inside));
  }

  // Testcontainers pulls too, but tries again for minutes where a registry is out of reach.
  private static void haveImage() {
    DockerClient client = DockerClientFactory.lazyClient();
    try {
      client.inspectImageCmd(image()).exec();
    } catch (NotFoundException absent) {
      Settings.say("pulling the image " + image());
      try {
        if (!client.pullImageCmd(image()).start().awaitCompletion(10, TimeUnit.MINUTES)) {
          throw new TestServerException("image " + image() + " is not pulled after 10 minutes");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TestServerException("interrupted while pulling the image " + image(), e);
      } catch (TestServerException e) {
        throw e;
      } catch (RuntimeException e) {
        throw new TestServerException("image " + image() + " cannot be pulled: " + e, e);
      }
    }
  }

  @Override
  public String uri() {
    return uri;
  }

  @Override
  public String description() {
    return "a container of " + image();
  }

  @Override
  public void kill() {
    container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void restart() {
    container.getDockerClient().startContainerCmd(container.getContainerId()).exec();
    Health.await(
        "http://" + java.net.URI.create(uri).getHost() + ":" + healthPort + "/healthz",
        START_DEADLINE,
        container::isRunning);
  }

  @Override
  public void close() {
    container.stop();
  }
}
