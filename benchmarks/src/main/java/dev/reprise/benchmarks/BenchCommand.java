package dev.reprise.benchmarks;

import dev.reprise.embed.Vector;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.testservers.MilvusServer;
import dev.reprise.testservers.RedisServer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./reprise bench}: measures every path of the cache beside its floor, and writes the table
 * and the plot.
 */
@Command(
    name = "reprise bench",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Measures every path of the cache beside its floor, in one run, by JMH.",
      "Redis and Milvus are found or started as for the tests: see docs/OPERATIONS.md.",
      "./reprise bench gateway and ./reprise bench soak put the gateway under load."
    })
final class BenchCommand implements Callable<Integer> {
  private static final List<String> PATHS =
      List.of(
          "exact-memory",
          "exact-redis",
          "semantic-memory",
          "verified-memory",
          "semantic-milvus",
          "miss",
          "verified-miss");
  private static final String HEAP = "-Xmx4g";

  /** A shared machine is quicker or slower for seconds: a turn is shorter than that. */
  private static final int TURNS_PER_SECOND = 4;

  @Option(
      names = "--paths",
      split = ",",
      defaultValue = "exact-memory,exact-redis,semantic-memory,semantic-milvus,miss",
      description =
          "Which paths: exact-memory, exact-redis, semantic-memory, verified-memory,"
              + " semantic-milvus, miss, verified-miss. The verified ones are measured only where"
              + " they are named.")
  private List<String> paths = PATHS;

  @Option(
      names = "--entries",
      split = ",",
      defaultValue = "1000,10000,100000",
      description = "How many entries are cached.")
  private List<Integer> entries = List.of();

  @Option(
      names = "--threads",
      split = ",",
      defaultValue = "1,8,32",
      description = "How many threads ask.")
  private List<Integer> threads = List.of();

  @Option(
      names = "--warmup",
      defaultValue = "2",
      description = "Seconds of warm-up of each path, and as many of its floor.")
  private int warmupSeconds;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description = "Seconds of measurement of each path, and as many of its floor, in turn.")
  private int seconds;

  @Option(
      names = "--quick",
      description = "1,000 entries, 1 thread, 1 second: to see that it works, not to quote.")
  private boolean quick;

  @Option(
      names = "--output",
      defaultValue = "docs/results/benchmarks.md",
      description = "The document whose figures are replaced.")
  private Path output = Path.of("");

  @Option(
      names = "--plot",
      defaultValue = "docs/results/images/benchmarks.png",
      description = "Where the plot is written.")
  private Path plot = Path.of("");

  @Option(names = "--print", description = "Print the table only; change no file.")
  private boolean printOnly;

  private BenchCommand() {}

  /** Runs the command. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new BenchCommand()).execute(arguments));
  }

  @Override
  public Integer call() throws RunnerException, IOException, InterruptedException {
    for (String path : paths) {
      if (!PATHS.contains(path)) {
        System.err.println("--paths has '" + path + "', but must be of " + PATHS);
        return CommandLine.ExitCode.USAGE;
      }
    }
    if (quick) {
      entries = List.of(1_000);
      threads = List.of(1);
      warmupSeconds = 1;
      seconds = 1;
    }
    List<String> jvm = new ArrayList<>(List.of(HEAP));
    List<String> servers = new ArrayList<>();
    if (paths.contains("exact-redis")) {
      RedisServer redis = RedisServer.shared();
      jvm.add("-D" + Servers.REDIS + "=" + redis.url());
      servers.add("Redis: " + redis.origin());
    }
    if (paths.contains("semantic-milvus")) {
      MilvusServer milvus = MilvusServer.shared();
      jvm.add("-D" + Servers.MILVUS + "=" + milvus.uri());
      servers.add("Milvus: " + milvus.description());
    }
    List<Figure> figures = new ArrayList<>();
    Closeable collections = collections();
    try {
      for (int count : threads) {
        for (RunResult result : new Runner(options(jvm, count).build()).run()) {
          figures.add(Figure.of(result));
        }
      }
    } finally {
      collections.close();
    }
    figures.sort(
        Comparator.comparing(Figure::path)
            .thenComparing(Figure::method)
            .thenComparing(Figure::entries)
            .thenComparing(Figure::threads));
    String tool = "JMH " + Version.getPlainVersion() + ", sample time";
    Report report = new Report(figures, Circumstances.lines(commandLine(), tool, servers));
    System.out.println(report.markdown());
    if (!printOnly) {
      report.plot(plot);
      report.write(output, plot);
      System.out.println("Written: " + output + " and " + plot);
    }
    return CommandLine.ExitCode.OK;
  }

  /** Fills Milvus' collections if they are needed. */
  private Closeable collections() throws InterruptedException {
    if (!paths.contains("semantic-milvus")) {
      return () -> {};
    }
    MiniLmEmbedder embedder = MiniLmEmbedder.load();
    List<Vector> vectors = Workload.embed(embedder);
    MilvusCollections collections = new MilvusCollections(MilvusServer.shared().uri());
    for (int count : entries) {
      System.out.printf("Filling Milvus with %,d rows ...%n", count);
      collections.fill(embedder, vectors, count);
    }
    return collections::close;
  }

  private ChainedOptionsBuilder options(List<String> jvm, int count) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .mode(Mode.SampleTime)
            .timeUnit(TimeUnit.MICROSECONDS)
            .forks(1)
            .warmupIterations(2)
            .warmupTime(TimeValue.seconds(warmupSeconds))
            .measurementIterations(2 * seconds * TURNS_PER_SECOND)
            .measurementTime(TimeValue.milliseconds(1000 / TURNS_PER_SECOND))
            .threads(count)
            .shouldFailOnError(true)
            .jvmArgsAppend(jvm.toArray(String[]::new))
            .param("entries", entries.stream().map(String::valueOf).toArray(String[]::new));
    for (String path : paths) {
      options.include("\\." + className(path) + "\\.");
    }
    return options;
  }

  private static String className(String path) {
    StringBuilder name = new StringBuilder();
    for (String word : path.split("-", -1)) {
      name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    }
    return name + "Benchmark";
  }

  private String commandLine() {
    return "./reprise bench --paths "
        + String.join(",", paths)
        + " --entries "
        + join(entries)
        + " --threads "
        + join(threads)
        + " --warmup "
        + warmupSeconds
        + " --seconds "
        + seconds;
  }

  private static String join(List<Integer> numbers) {
    return String.join(",", numbers.stream().map(String::valueOf).toList());
  }
}
