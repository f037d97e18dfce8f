package dev.reprise.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A gateway as a user starts it, with {@code ./reprise serve}. */
final class GatewayProcess implements AutoCloseable {
  /** The variable with the secret that keys are hashed with: {@value}. */
  static final String SECRET = "REPRISE_BENCH_SCOPE_SECRET";

  private static final Duration START_PATIENCE = Duration.ofMinutes(10);
  private static final Duration JCMD_PATIENCE = Duration.ofSeconds(30);
  private static final String LISTENS = "Reprise listens on ";

  private static final Pattern TROUBLES =
      Pattern.compile("^reprise_(trouble|rejected|not_stored|writes_dropped|circuit_open)");

  private final Child child;
  private final String url;

  private GatewayProcess(Child child, String url) {
    this.child = child;
    this.url = url;
  }

  /**
   * Returns the command of this folder, which builds Reprise first where that is necessary.
   *
   * @throws IOException if it is not here
   */
  static List<String> launcher() throws IOException {
    if (!Files.isExecutable(Path.of("reprise"))) {
      throw new IOException(
          "there is no ./reprise here; run this from the project's own folder, where it is");
    }
    return List.of(Path.of("reprise").toAbsolutePath().toString());
  }

  /**
   * Starts one on a port that is free, with the command of this folder.
   *
   * @param name names its log
   */
  static GatewayProcess start(String name, Path folder, String upstream, String... options)
      throws IOException, InterruptedException {
    return start(launcher(), name, folder, upstream, options);
  }

  /**
   * Starts one on a port that is free.
   *
   * @param launcher the command that starts Reprise, without arguments
   * @param name names its log
   */
  static GatewayProcess start(
      List<String> launcher, String name, Path folder, String upstream, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(launcher);
    command.addAll(List.of("serve", "--port", "0", "--data-dir", "none", "--upstream", upstream));
    command.addAll(List.of(options));
    Child child =
        Child.start(
            name,
            folder.resolve(name + ".log"),
            Map.of(SECRET, "a secret that outlives the process"),
            command);
    String base = child.await(LISTENS, START_PATIENCE);
    return new GatewayProcess(child, base.substring(0, base.indexOf("/v1")));
  }

  /** Returns its address, without a path. */
  String url() {
    return url;
  }

  long pid() {
    return child.pid();
  }

  Child child() {
    return child;
  }

  /**
   * Returns its meters: the name and tags as Prometheus writes them, and the value. Names are
   * without the tag {@code cache="gateway"}.
   */
  Map<String, Double> meters() throws IOException, InterruptedException {
    Map<String, Double> meters = new HashMap<>();
    for (String line : Http.get(url + "/metrics").split("\n", -1)) {
      int blank = line.lastIndexOf(' ');
      if (!line.startsWith("#") && blank > 0) {
        String name =
            line.substring(0, blank)
                .replace("cache=\"gateway\",", "")
                .replace("{cache=\"gateway\"}", "");
        meters.put(name, Double.parseDouble(line.substring(blank + 1)));
      }
    }
    return meters;
  }

  /** Returns what its meters say of failures, rejections and writes that were given up. */
  String troubles() throws IOException, InterruptedException {
    String troubles =
        meters().entrySet().stream()
            .filter(meter -> TROUBLES.matcher(meter.getKey()).find() && meter.getValue() > 0)
            .map(meter -> String.format(Locale.ROOT, "%s %.0f", meter.getKey(), meter.getValue()))
            .sorted()
            .collect(Collectors.joining(", "));
    return troubles.isEmpty() ? "none" : troubles;
  }

  /** Returns a line of its {@code /proc/PID/status} in its own unit; kB for memory. */
  long status(String name) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", "" + pid(), "status"))) {
      if (line.startsWith(name + ":")) {
        return Long.parseLong(line.replaceAll("\\D+", ""));
      }
    }
    throw new IOException("/proc has no " + name);
  }

  /** Returns how many files and connections it holds open. */
  long openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc", "" + pid(), "fd"))) {
      return files.count();
    }
  }

  /** Has it collect all its garbage; returns the bytes of heap that live, empty if it cannot. */
  Optional<Long> liveHeapBytes(Path folder) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    List<String> command = List.of(jcmd.toString(), "" + pid(), "GC.class_histogram");
    try (Child asking = Child.start("jcmd", folder.resolve("jcmd.log"), Map.of(), command)) {
      if (!asking.awaitEnd(JCMD_PATIENCE).equals(Optional.of(0))) {
        return Optional.empty();
      }
      // Its last line: "Total", objects, bytes.
      String[] total = asking.output().strip().split("\\s+", -1);
      return Optional.of(Long.parseLong(total[total.length - 1]));
    }
  }

  @Override
  public void close() {
    child.close();
  }
}
