package dev.reprise.benchmarks.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A process that this one starts, and ends at the latest when it ends itself. */
final class Child implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String name;
  private final Path log;
  private final Process process;
  private final Thread atExit;

  private Child(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
    this.atExit = new Thread(this::kill, name + "-stop");
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * Starts a command.
   *
   * @param name what messages call it
   * @param log where its output goes; what was there is replaced
   * @param environment variables that it gets besides those of this process
   */
  static Child start(String name, Path log, Map<String, String> environment, List<String> command)
      throws IOException {
    Files.createDirectories(log.toAbsolutePath().getParent());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    return new Child(name, log, builder.start());
  }

  /** Starts the scripted upstream, which answers after {@code delayMilliseconds}. */
  static Child upstream(Path folder, int delayMilliseconds) throws IOException {
    return start(
        "upstream",
        folder.resolve("upstream.log"),
        Map.of(),
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            // Where the gateway's classes are beside these, its own would log each byte.
            "-Dslf4j.provider=org.slf4j.simple.SimpleServiceProvider",
            "-cp",
            System.getProperty("java.class.path"),
            LoadModelServer.class.getName(),
            String.valueOf(delayMilliseconds)));
  }

  /**
   * Waits for a line of its output and returns what stands behind {@code words} there, up to a
   * blank or comma.
   *
   * @throws IOException if it ends before, or says nothing of it in time
   */
  String await(String words, Duration patience) throws IOException, InterruptedException {
    return await(
            "says '" + words + "'",
            patience,
            text -> text.contains(words + "h") && text.endsWith("\n"))
        .transform(text -> text.substring(text.indexOf(words) + words.length()))
        .split("[\\s,]", 2)[0];
  }

  /**
   * Waits until its output is as wished, and returns it.
   *
   * @throws IOException if it ends before, or does not get there in time
   */
  String await(String what, Duration patience, Predicate<String> isThere)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      String text = Files.readString(log, StandardCharsets.UTF_8);
      if (isThere.test(text)) {
        return text;
      }
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IOException(
            name
                + (process.isAlive()
                    ? " is late: it does not come to where it "
                    : " ended before it ")
                + what
                + "; its last words in "
                + log
                + ":\n"
                + text.substring(Math.max(0, text.length() - 2_000)));
      }
      Thread.sleep(50);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Returns all that it has said. */
  String output() throws IOException {
    return Files.readString(log, StandardCharsets.UTF_8);
  }

  /** Tells it to stop, without waiting. */
  void signal() {
    process.destroy();
  }

  /** Waits for its end; empty where it goes on. */
  Optional<Integer> awaitEnd(Duration patience) throws InterruptedException {
    return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)
        ? Optional.of(process.exitValue())
        : Optional.empty();
  }

  /** Ends it at once, as {@code kill -9} does. */
  void crash() {
    kill();
  }

  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Tells it and what it started to stop, and kills what does not. */
  @Override
  public void close() {
    signal();
    try {
      if (awaitEnd(PATIENCE).isEmpty()) {
        kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      kill();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // This process is ending, too: the hook does the same.
      kill();
    }
  }
}
