package dev.reprise.benchmarks.scale;

import dev.reprise.benchmarks.Circumstances;
import dev.reprise.testservers.MilvusServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./reprise bench scale}: the semantic tiers as they grow. */
@Command(
    name = "reprise bench scale",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Fills the semantic tiers with synthetic questions, step by step, and measures after each",
      "step: how long a search takes on one thread, how often it finds the nearest row (compared",
      "with all rows), how quickly rows are stored (in this process by as many threads as there are",
      "processors), and what a row takes in this process. Then how long a process takes to open a",
      "data directory. No model is loaded.",
      "Give it memory for a million rows: REPRISE_JAVA_OPTIONS=-Xmx8g."
    })
final class ScaleCommand implements Callable<Integer> {
  static final String EMBEDDED = "embedded";
  private static final String MILVUS = "milvus";

  @Option(
      names = "--tiers",
      split = ",",
      defaultValue = EMBEDDED,
      description = "embedded, milvus.")
  private List<String> tiers = List.of();

  @Option(
      names = "--sizes",
      split = ",",
      defaultValue = "10000,100000,1000000",
      description = "How many rows, ascending.")
  private List<Integer> sizes = List.of();

  @Option(
      names = "--scopes",
      split = ",",
      defaultValue = "1,1000",
      description = "Over how many scopes the rows are spread.")
  private List<Integer> scopes = List.of();

  @Option(
      names = "--queries",
      defaultValue = "1000",
      description = "How many searches are compared with all rows.")
  private int queries;

  @Option(names = "--seconds", defaultValue = "5", description = "Seconds of searching, each time.")
  private int seconds;

  @Option(
      names = "--start-rows",
      defaultValue = "100000",
      description = "How many rows the data directory has whose start is measured; 0 for none.")
  private int startRows;

  @Option(
      names = "--wait",
      description = "Wait for Enter before each measurement, so that other work can be stopped.")
  private boolean waits;

  @Option(
      names = "--points",
      description = "A file that keeps the figures of several runs; the table has all of them.")
  private @Nullable Path points;

  @Option(names = "--plot", description = "Where the plot is written.")
  private @Nullable Path plot;

  private ScaleCommand() {}

  /** Runs the command. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ScaleCommand()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    for (String tier : tiers) {
      if (!List.of(EMBEDDED, MILVUS).contains(tier)) {
        System.err.println("--tiers has '" + tier + "', but must be of embedded, milvus");
        return CommandLine.ExitCode.USAGE;
      }
    }
    if (!sizes.equals(sizes.stream().sorted().toList()) || sizes.contains(0)) {
      System.err.println("--sizes must be ascending and above 0");
      return CommandLine.ExitCode.USAGE;
    }
    List<Point> figures = new ArrayList<>(earlier());
    List<String> servers = new ArrayList<>();
    for (String tier : tiers) {
      if (tier.equals(MILVUS)) {
        try (MilvusServer server = MilvusServer.startOwn()) {
          servers.add("Milvus: " + server.description());
          measure(tier, () -> ScaledTier.milvus(server.uri()), figures);
        }
      } else {
        int most = sizes.get(sizes.size() - 1);
        measure(tier, () -> ScaledTier.embedded(most), figures);
      }
    }
    List<String> start =
        startRows == 0 ? List.of() : StartTime.measure(startRows, this::beforeMeasuring);
    Circumstances.lines(commandLine(), "one thread asks", servers)
        .forEach(line -> System.out.println("- " + line));
    System.out.println("- heap: " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB at most");
    System.out.println("\n" + Point.table(figures));
    start.forEach(System.out::println);
    if (plot != null && !figures.isEmpty()) {
      ScalePlot.write(figures, plot);
    }
    return CommandLine.ExitCode.OK;
  }

  private void measure(String tier, ScaleRun.Start start, List<Point> figures)
      throws InterruptedException {
    for (int count : scopes) {
      ScaleRun run = new ScaleRun(count, queries, seconds, this::beforeMeasuring);
      run.measure(
          tier,
          sizes,
          start,
          point -> {
            System.err.println(point.line());
            figures.removeIf(point::replaces);
            figures.add(point);
            keep(figures);
          });
    }
  }

  /** Sorts the figures, and writes them where they are kept: a long run may be interrupted. */
  private void keep(List<Point> figures) {
    figures.sort(
        Comparator.comparing(Point::tier).thenComparing(Point::scopes).thenComparing(Point::rows));
    if (points != null) {
      try {
        Files.write(points, figures.stream().map(Point::line).toList());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private List<Point> earlier() throws IOException {
    return points == null || !Files.exists(points)
        ? List.of()
        : Files.readAllLines(points).stream().map(Point::ofLine).toList();
  }

  private void beforeMeasuring() {
    if (waits) {
      System.err.println("Ready to measure: press Enter");
      try {
        int read = System.in.read();
        while (read != '\n' && read >= 0) {
          read = System.in.read();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private String commandLine() {
    return "./reprise bench scale --tiers "
        + String.join(",", tiers)
        + " --sizes "
        + String.join(",", sizes.stream().map(String::valueOf).toList())
        + " --scopes "
        + String.join(",", scopes.stream().map(String::valueOf).toList())
        + " --queries "
        + queries
        + " --seconds "
        + seconds
        + " --start-rows "
        + startRows;
  }
}
