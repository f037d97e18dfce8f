package dev.reprise.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.embedded.core.ExecutableProvider;

/**
 * A private Redis server that a test may kill: a process of the native binary, bound to the
 * loopback interface, without persistence.
 *
 * <p>The binary is {@code redis-server} on the PATH, or the one that the library embedded-redis
 * carries. {@code REPRISE_TEST_REDIS_BINARY} names another, or says "embedded" for the latter.
 */
public final class RedisProcess implements TestServer, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedisProcess.class);
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
  private static final Duration START_LIMIT = Duration.ofSeconds(20);
  private static @Nullable Path foundBinary;

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

  private final int port;
  private final Path directory;
  private final List<String> command;
  private final BooleanSupplier isReady;
  private Process process;

  private RedisProcess(int port, Path directory, List<String> command, BooleanSupplier isReady) {
    this.port = port;
    this.directory = directory;
    this.command = command;
    this.isReady = isReady;
    this.process = launch();
  }

  /**
   * Starts a server.
   *
   * @param settings as on its command line: "--requirepass", "secret"
   */
  public static RedisProcess start(String... settings) {
    int port = Ports.free();
    List<String> command = new ArrayList<>(List.of(binary().toString()));
    command.addAll(List.of("--port", "" + port, "--bind", "127.0.0.1", "--save", ""));
    command.addAll(List.of("--appendonly", "no", "--daemonize", "no"));
    command.addAll(List.of(settings));
    return new RedisProcess(port, directory(), command, () -> answers(port));
  }

  /**
   * Starts a server that speaks TLS only.
   *
   * @param settings as on its command line
   */
  public static RedisProcess startTls(TlsFiles tls, String... settings) {
    int port = Ports.free();
    List<String> command = new ArrayList<>(List.of(binary().toString()));
    command.addAll(List.of("--port", "0", "--tls-port", "" + port, "--bind", "127.0.0.1"));
    command.addAll(List.of("--save", "", "--appendonly", "no", "--daemonize", "no"));
    command.addAll(List.of("--tls-cert-file", tls.certificate().toString()));
    command.addAll(List.of("--tls-key-file", tls.key().toString()));
    command.addAll(List.of("--tls-ca-cert-file", tls.certificate().toString()));
    command.addAll(List.of("--tls-auth-clients", "no"));
    command.addAll(List.of(settings));
    return new RedisProcess(port, directory(), command, () -> Ports.isOpen(port));
  }

  /** Starts a sentinel that watches {@code master} under {@code masterName}, alone. */
  public static RedisProcess startSentinel(String masterName, RedisProcess master) {
    int port = Ports.free();
    Path directory = directory();
    Path configuration = directory.resolve("sentinel.conf");
    String lines =
        String.join(
            "\n",
            "port " + port,
            "bind 127.0.0.1",
            "dir " + directory,
            "sentinel monitor " + masterName + " 127.0.0.1 " + master.port() + " 1",
            "sentinel down-after-milliseconds " + masterName + " 500",
            "sentinel failover-timeout " + masterName + " 3000",
            "");
    try {
      Files.writeString(configuration, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> command =
        List.of(binary().toString(), configuration.toString(), "--sentinel");
    return new RedisProcess(port, directory, command, () -> answers(port));
  }

  /** Returns the binary that processes are started from. */
  public static synchronized Path binary() {
    if (foundBinary == null) {
      foundBinary = findBinary();
    }
    return foundBinary;
  }

  private static Path findBinary() {
    String wished = System.getenv("REPRISE_TEST_REDIS_BINARY");
    if (wished != null && !wished.equals("embedded")) {
      return Path.of(wished);
    }
    if (wished == null) {
      for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
        Path candidate = Path.of(folder, "redis-server");
        if (!folder.isEmpty() && Files.isExecutable(candidate)) {
          return candidate;
        }
      }
    }
    try {
      return ExecutableProvider.newJarResourceProvider().get().toPath();
    } catch (IOException | RuntimeException e) {
      throw new TestServerException(
          "no redis-server on the PATH, and embedded-redis has none for this system; install Redis"
              + " (apt-get install redis-server, brew install redis), or name its binary in"
              + " REPRISE_TEST_REDIS_BINARY",
          e);
    }
  }

  /** Returns the port on which it listens. */
  public int port() {
    return port;
  }

  @Override
  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  @Override
  public String origin() {
    return "native binary " + command.get(0);
  }

  /** Sends it one command and returns the answer as text: of an array, a member a line. */
  public String send(String... arguments) {
    try {
      return RedisCommands.send(port, arguments);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it at once, as a crash does. What it held is lost. */
  public void kill() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    RUNNING.remove(process);
  }

  /** Kills it if it runs, and starts it again on the same port, empty. */
  public void restart() {
    kill();
    process = launch();
  }

  @Override
  public void close() {
    kill();
    try (var files = Files.walk(directory)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(RedisProcess::delete);
    } catch (IOException e) {
      LOG.warn("could not delete {}", directory, e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process launch() {
    Path log = directory.resolve("redis.log");
    Process started;
    try {
      started =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
    } catch (IOException e) {
      throw new TestServerException(
          command.get(0) + " cannot be started; install Redis, or name its binary in"
              + " REPRISE_TEST_REDIS_BINARY",
          e);
    }
    RUNNING.add(started);
    if (!Waiting.until(START_LIMIT, () -> !started.isAlive() || isReady.getAsBoolean())
        || !started.isAlive()) {
      started.destroyForcibly();
      throw new TestServerException(
          String.join(" ", command) + " did not start; it said:\n" + read(log));
    }
    return started;
  }

  private static boolean answers(int port) {
    try {
      RedisCommands.send(port, "PING");
      return true;
    } catch (IOException e) {
      // One that asks for a password is up, too.
      String message = String.valueOf(e.getMessage());
      return message.startsWith("NOAUTH");
    }
  }

  private static Path directory() {
    try {
      return Files.createTempDirectory("reprise-test-redis");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "nothing (" + e.getMessage() + ")";
    }
  }
}
