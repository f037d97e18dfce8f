package dev.reprise.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** A gateway in a process of its own, as users start it, with a heap that a test can fill. */
final class SmallHeapGateway implements AutoCloseable {
  private static final String LISTENS = "Reprise listens on ";

  private final Process process;
  private final URI url;

  /**
   * @param log where its log goes
   */
  SmallHeapGateway(String heap, URI upstream, Path log, String... options) throws IOException {
    this(List.of("-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError"), upstream, log, options);
  }

  /**
   * @param java options of the Java machine
   * @param log where its log goes
   */
  SmallHeapGateway(List<String> java, URI upstream, Path log, String... options)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(java);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            "dev.reprise.cli.Reprise",
            "serve",
            "--port",
            "0",
            "--data-dir",
            "none",
            "--upstream",
            upstream.toString()));
    command.addAll(List.of(options));
    process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String listening = "";
    while (!listening.startsWith(LISTENS)) {
      String line = out.readLine();
      if (line == null) {
        throw new IOException("the gateway did not start: see " + log);
      }
      listening = line;
    }
    url = URI.create(listening.substring(LISTENS.length()).split("[, ]", 2)[0]);
  }

  /** Returns its base URL. */
  URI url() {
    return url;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Returns how much of its processors it has used until now; a busy machine changes nothing. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** Returns the most memory that its process had; empty where the system does not tell. */
  OptionalLong peakBytes() throws IOException {
    Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
    if (!Files.exists(status)) {
      return OptionalLong.empty();
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
