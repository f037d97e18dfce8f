package dev.reprise.testservers;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * The Redis server that all tests of a JVM share. It is looked for in this order: the address in
 * {@code REPRISE_TEST_REDIS_URL}; a Docker daemon, with the image in {@code
 * REPRISE_TEST_REDIS_IMAGE} or {@value #DEFAULT_IMAGE}; a native binary (see {@link RedisProcess}).
 * It may hold other people's data: a test uses a key prefix of its own and wipes nothing.
 */
public final class RedisServer implements TestServer {
  /** The image that is taken if none is named, as pinned in docker/compose.yaml: {@value}. */
  public static final String DEFAULT_IMAGE = "redis:8.10.2";

  private static final Logger LOG = LoggerFactory.getLogger(RedisServer.class);
  private static final int PORT = 6379;
  private static @Nullable RedisServer shared;

  private final String url;
  private final String origin;

  private RedisServer(String url, String origin) {
    this.url = url;
    this.origin = origin;
  }

  /**
   * Returns the server. It is found or started by the first call and stopped when the JVM ends.
   *
   * @throws TestServerException if none can be had; the message says how to mend that
   */
  public static synchronized RedisServer shared() {
    if (shared == null) {
      shared = find();
      LOG.info("Redis for the tests: {} ({})", shared.url, shared.origin);
    }
    return shared;
  }

  @Override
  public String url() {
    return url;
  }

  @Override
  public String origin() {
    return origin;
  }

  private static RedisServer find() {
    String address = System.getenv("REPRISE_TEST_REDIS_URL");
    if (address != null && !address.isBlank()) {
      return new RedisServer(address, "REPRISE_TEST_REDIS_URL");
    }
    Optional<RedisServer> inDocker = DockerProbe.find().flatMap(RedisServer::startInDocker);
    if (inDocker.isPresent()) {
      return inDocker.get();
    }
    try {
      RedisProcess process = RedisProcess.start();
      return new RedisServer(process.url(), process.origin());
    } catch (TestServerException e) {
      throw new TestServerException(
          "no Redis can be had for the tests. Any one of these mends it: set"
              + " REPRISE_TEST_REDIS_URL to a running server (redis://host:6379), start a Docker"
              + " daemon, or install redis-server. The native binary: "
              + e.getMessage(),
          e);
    }
  }

  /** The container is stopped at the end of the JVM by Testcontainers, or by the hook here. */
  @SuppressWarnings("resource")
  private static Optional<RedisServer> startInDocker(String daemon) {
    String image = System.getenv().getOrDefault("REPRISE_TEST_REDIS_IMAGE", DEFAULT_IMAGE);
    try {
      GenericContainer<?> container =
          new GenericContainer<>(DockerImageName.parse(image).asCompatibleSubstituteFor("redis"))
              .withExposedPorts(PORT)
              .waitingFor(Wait.forListeningPort())
              .withStartupTimeout(Duration.ofSeconds(60));
      container.start();
      Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
      return Optional.of(
          new RedisServer(
              "redis://" + container.getHost() + ":" + container.getMappedPort(PORT),
              "Docker, " + image));
    } catch (RuntimeException e) {
      LOG.warn(
          "a Docker daemon answers at {}, but {} cannot be run there ({}); going on to a native"
              + " binary. REPRISE_TEST_REDIS_IMAGE names another image.",
          daemon,
          image,
          e.getMessage());
      return Optional.empty();
    }
  }
}
