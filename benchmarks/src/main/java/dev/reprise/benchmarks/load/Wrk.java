package dev.reprise.benchmarks.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The load generator wrk: it asks as fast as it is answered, on so many connections. */
final class Wrk {
  private static final String MISSING =
      "wrk is missing, the load generator. Install it: apt-get install wrk, or brew install wrk";

  /** Each run's requests are numbered from a start of its own; none makes so many. */
  private static final long NUMBERS_A_RUN = 10_000_000;

  private final Path folder;
  private final Path script;
  private long runs = 1;

  private Wrk(Path folder, Path script) {
    this.folder = folder;
    this.script = script;
  }

  /**
   * What a run gave.
   *
   * @param requests that were answered
   * @param perSecond requests a second
   * @param failed requests that were not answered, or not with a status of 2xx or 3xx
   * @param p50 the median time of a request, in microseconds; the others likewise
   */
  record Sample(long requests, double perSecond, long failed, double p50, double p95, double p99) {}

  /**
   * Returns the load generator; installs it where that is possible.
   *
   * @throws IOException if there is none; the message says what to do
   */
  static Wrk open(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    if (!isThere()) {
      System.err.println("wrk is missing; trying apt-get install wrk");
      run(folder, Duration.ofMinutes(5), List.of("apt-get", "install", "--yes", "wrk"));
      if (!isThere()) {
        throw new IOException(MISSING);
      }
    }
    Path script = folder.resolve("ask.lua");
    try (InputStream in = Wrk.class.getResourceAsStream("ask.lua")) {
      if (in == null) {
        throw new IOException("no resource ask.lua");
      }
      Files.write(script, in.readAllBytes());
    }
    return new Wrk(folder, script);
  }

  private static boolean isThere() {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, "wrk"))) {
        return true;
      }
    }
    return false;
  }

  /** Returns its version. */
  String version() throws IOException, InterruptedException {
    return run(folder, Duration.ofSeconds(10), List.of("wrk", "--version"))
        .replaceAll("(?s)^(wrk \\S+).*", "$1");
  }

  /**
   * Asks for so many seconds.
   *
   * @param bodies a file with a body a line, which are asked in turn
   * @param useCase what each request says that it is for; empty: nothing
   */
  Sample ask(String url, Path bodies, String useCase, int connections, int seconds)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("wrk", "--threads", "1", "--timeout", "30s"));
    command.addAll(List.of("--connections", "" + connections, "--duration", seconds + "s"));
    command.addAll(List.of("--script", script.toString(), url, "--"));
    command.addAll(List.of(bodies.toString(), "" + NUMBERS_A_RUN * runs++, useCase, LiteLlm.KEY));
    String output = run(folder, Duration.ofSeconds(seconds + 60L), command);
    JsonNode result = Http.JSON.readTree(output.substring(output.lastIndexOf("\n{") + 1));
    long requests = result.path("requests").asLong();
    return new Sample(
        requests,
        requests * 1e6 / result.path("microseconds").asLong(),
        result.path("failed").asLong(),
        result.path("p50").asDouble(),
        result.path("p95").asDouble(),
        result.path("p99").asDouble());
  }

  private static String run(Path folder, Duration patience, List<String> command)
      throws IOException, InterruptedException {
    Path log = folder.resolve("wrk.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Optional<Integer> end =
        process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)
            ? Optional.of(process.exitValue())
            : Optional.empty();
    process.destroyForcibly();
    String output = Files.readString(log);
    // Its version ends with status 1.
    if (end.isEmpty() || (end.get() != 0 && !command.contains("--version"))) {
      throw new IOException(
          String.join(" ", command)
              + " failed ("
              + end.map(String::valueOf).orElse("too long")
              + "):\n"
              + output);
    }
    return output;
  }
}
