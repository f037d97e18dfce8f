package dev.reprise.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Milvus from PyPI's wheels, as a process of this machine. */
final class NativeMilvus implements MilvusServer.Backend {
  /**
   * What Milvus standalone and the etcd inside it listen on; the first is gRPC's, the last
   * health's.
   */
  private static final List<String> PORTS =
      List.of(
          "proxy_port",
          "proxy_internal_port",
          "root_coord_port",
          "query_coord_port",
          "query_node_port",
          "index_coord_port",
          "index_node_port",
          "data_coord_port",
          "data_node_port",
          "etcd_port",
          "etcd_peer_port",
          "metrics_port");

  private static final Duration KILL_DEADLINE = Duration.ofSeconds(60);
  private static final Duration START_DEADLINE = Duration.ofMinutes(2);
  private static final int ATTEMPTS = 3;

  private final MilvusServer.Flavour flavour;
  private final VirtualEnvironment environment;
  private final Path data;
  private final int[] ports;
  private final Thread stopAtExit = new Thread(this::stopAndRemove, "milvus-stop");

  private @Nullable Process process;

  private NativeMilvus(
      MilvusServer.Flavour flavour, VirtualEnvironment environment, Path data, int[] ports) {
    this.flavour = flavour;
    this.environment = environment;
    this.data = data;
    this.ports = ports;
  }

  static MilvusServer.Backend start(MilvusServer.Flavour flavour) {
    VirtualEnvironment environment =
        switch (flavour) {
          // The wheel carries its programs compressed, and would unpack them for every data folder
          // anew.
          case STANDALONE_2_3 ->
              VirtualEnvironment.of(
                  "milvus-standalone",
                  "import sys, os, milvus;"
                      + " milvus._initialize_data_files(os.path.join(sys.argv[1], 'unpacked'))");
          case LITE -> VirtualEnvironment.of("milvus-lite", "");
        };
    // Somebody may take a port between its choice and its use.
    for (int attempt = 1; ; attempt++) {
      NativeMilvus server =
          new NativeMilvus(flavour, environment, temporaryFolder(), FreePorts.find(PORTS.size()));
      Runtime.getRuntime().addShutdownHook(server.stopAtExit);
      try {
        server.launch();
        return server;
      } catch (TestServerException e) {
        String log = server.lastLines();
        server.close();
        if (attempt == ATTEMPTS) {
          throw new TestServerException(e.getMessage() + "; its last lines: " + log, e);
        }
      }
    }
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("reprise-milvus");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void launch() {
    List<String> command = new ArrayList<>();
    try {
      Path script = data.resolve("supervise.py");
      Files.write(script, VirtualEnvironment.resource("milvus-supervise.py"));
      command.add(environment.python().toString());
      command.add(script.toString());
      String health;
      switch (flavour) {
        case STANDALONE_2_3 -> {
          command.add("standalone");
          command.add(environment.folder().resolve("unpacked").toString());
          command.add(data.toString());
          for (int i = 0; i < ports.length; i++) {
            command.add(PORTS.get(i) + "=" + ports[i]);
          }
          health = "http://127.0.0.1:" + ports[ports.length - 1] + "/healthz";
        }
        case LITE -> {
          command.add("lite");
          command.add(data.toString());
          command.add(Integer.toString(ports[0]));
          health = "tcp://127.0.0.1:" + ports[0];
        }
        default -> throw new AssertionError(flavour);
      }
      Process started =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
      process = started;
      Health.await(health, START_DEADLINE, started::isAlive);
    } catch (IOException e) {
      throw new TestServerException(String.join(" ", command) + " does not start: " + e, e);
    }
  }

  private Path log() {
    return data.resolve("output.log");
  }

  private String lastLines() {
    try {
      List<String> lines = Files.readAllLines(log(), StandardCharsets.UTF_8);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    } catch (IOException e) {
      return "none (" + e + ")";
    }
  }

  @Override
  public String uri() {
    return "http://127.0.0.1:" + ports[0];
  }

  @Override
  public String description() {
    String what =
        switch (flavour) {
          case STANDALONE_2_3 -> "Milvus standalone 2.3.5";
          case LITE -> "Milvus Lite 3.2.2";
        };
    return what + " from PyPI, data in " + data;
  }

  @Override
  public synchronized void kill() {
    Process running = process;
    process = null;
    if (running == null) {
      return;
    }
    List<ProcessHandle> tree = new ArrayList<>(running.descendants().toList());
    tree.add(running.toHandle());
    tree.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle handle : tree) {
      if (!Waiting.until(KILL_DEADLINE, () -> hasEnded(handle))) {
        throw new TestServerException("process " + handle.pid() + " does not end");
      }
    }
  }

  /** One that its parent has not asked after yet (a zombie) has ended with its last thread. */
  private static boolean hasEnded(ProcessHandle handle) {
    Path self = Path.of("/proc", Long.toString(handle.pid()));
    try (Stream<Path> threads = Files.list(self.resolve("task"))) {
      return !handle.isAlive()
          || (threads.count() <= 1
              && Files.readString(self.resolve("stat")).matches("(?s).*\\) Z .*"));
    } catch (IOException | UncheckedIOException e) {
      return !handle.isAlive();
    }
  }

  @Override
  public synchronized void restart() {
    if (process != null) {
      throw new TestServerException("it runs");
    }
    launch();
  }

  @Override
  public synchronized void restartEmpty() {
    kill();
    try {
      VirtualEnvironment.deleteTree(data);
      Files.createDirectories(data);
    } catch (IOException e) {
      throw new TestServerException("cannot empty " + data, e);
    }
    launch();
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(stopAtExit);
    } catch (IllegalStateException e) {
      // The JVM is ending, and the hook does the same.
      return;
    }
    stopAndRemove();
  }

  private void stopAndRemove() {
    kill();
    try {
      VirtualEnvironment.deleteTree(data);
    } catch (IOException e) {
      Settings.say("cannot remove " + data + ": " + e);
    }
  }
}
