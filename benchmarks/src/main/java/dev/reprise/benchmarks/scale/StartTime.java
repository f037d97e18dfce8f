package dev.reprise.benchmarks.scale;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import dev.reprise.embedded.DataDirectory;
import dev.reprise.embedded.HnswSemanticTier;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.key.Question;
import dev.reprise.model.Answer;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.SemanticTier;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** How long a process takes until a data directory that it finds answers. */
final class StartTime {
  private static final Duration LIFE = Duration.ofDays(1);
  private static final String SENTENCE =
      "Open the page of your orders, choose the appliance, and follow the three steps. ";
  private static final Fingerprint FINGERPRINT = Fingerprint.ofHex(ScaleRun.hex(0));

  /** What the graph is built by, in the background. */
  private static final String BUILDER = "reprise-graph-builder";

  private static final int SEARCHES = 200;

  private StartTime() {}

  private record Synthetic(String id, int dimension) implements Embedder {
    @Override
    public Embedding embed(String text) {
      throw new UnsupportedOperationException("vectors are made from numbers here");
    }
  }

  private static final Embedder EMBEDDER = new Synthetic("synthetic", ScaledTier.DIMENSION);

  /**
   * Fills a directory, opens it twice in a JVM of its own, and returns what these say. The first
   * one finds no graph, and leaves one to the second.
   */
  static List<String> measure(int rows, Runnable beforeMeasuring)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("reprise-scale");
    try {
      double rate = fill(directory, rows);
      List<String> lines = new ArrayList<>();
      lines.add(
          String.format(
              Locale.ROOT,
              "%,d entries with their rows, %,d bytes each on disk, stored at %,.0f a second",
              rows,
              bytes(directory) / rows,
              rate));
      beforeMeasuring.run();
      lines.add("without a graph:");
      lines.addAll(open(directory));
      lines.add("with the graph of the one before:");
      lines.addAll(open(directory));
      return lines;
    } finally {
      delete(directory);
    }
  }

  private static List<String> open(Path directory) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx2g",
                "-cp",
                System.getProperty("java.class.path"),
                StartTime.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (child.waitFor() != 0) {
      throw new IOException("the process that opens " + directory + " failed: " + said);
    }
    return said.lines().toList();
  }

  private static double fill(Path path, int rows) {
    SyntheticQuestions questions = new SyntheticQuestions(ScaledTier.DIMENSION);
    DataDirectory directory = DataDirectory.open(path);
    // Never a graph here: this process only writes.
    HnswSemanticTier index =
        HnswSemanticTier.builder(ScaledTier.DIMENSION)
            .maximumEntries(rows)
            .flatLimit(1_000_000)
            .build();
    long start = System.nanoTime();
    try (ExactTier exact = directory.exactTier();
        SemanticTier semantic = directory.semanticTier(index, EMBEDDER)) {
      semantic.ensureReady();
      for (int i = 0; i < rows; i++) {
        Entry entry = entry(i);
        exact.store(entry);
        semantic.store(
            new SemanticRow(
                entry.key(),
                FINGERPRINT,
                Vector.normalized(questions.question(i)),
                entry.expiresAt()));
      }
    } finally {
      directory.close();
    }
    return rows / ((System.nanoTime() - start) / 1e9);
  }

  private static Entry entry(int number) {
    Instant now = Instant.now();
    return new Entry(
        ExactKey.ofHex(ScaleRun.hex(number)),
        new Question.Semantic(FINGERPRINT, "How do I repair part " + number + "?"),
        Answer.ofText("Answer " + number + ". " + SENTENCE.repeat(10)),
        Duration.ofSeconds(2),
        "gpt-4o-mini",
        now,
        now.plus(LIFE),
        Set.of());
  }

  private static long bytes(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Opens the directory that the argument names, and prints how long what took. */
  public static void main(String[] arguments) throws InterruptedException {
    SyntheticQuestions questions = new SyntheticQuestions(ScaledTier.DIMENSION);
    long start = System.nanoTime();
    DataDirectory directory = DataDirectory.open(Path.of(arguments[0]));
    say("the file is open", start);
    HnswSemanticTier index = HnswSemanticTier.builder(ScaledTier.DIMENSION).build();
    try (ExactTier exact = directory.exactTier();
        SemanticTier semantic = directory.semanticTier(index, EMBEDDER)) {
      boolean isThere = exact.fetch(ExactKey.ofHex(ScaleRun.hex(1))).isPresent();
      say(isThere ? "the first exact hit" : "NO EXACT HIT", start);
      semantic.ensureReady();
      say("all rows are loaded and searched", start);
      search(questions, semantic);
      while (Thread.getAllStackTraces().keySet().stream()
          .anyMatch(thread -> thread.getName().equals(BUILDER))) {
        Thread.sleep(50);
      }
      say("the graph is built", start);
      search(questions, semantic);
    } finally {
      directory.close();
    }
  }

  private static void search(SyntheticQuestions questions, SemanticTier tier) {
    long[] times = new long[SEARCHES];
    long[] processor = new long[SEARCHES];
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    int found = 0;
    for (int i = 0; i < SEARCHES; i++) {
      Vector query = Vector.normalized(questions.paraphrase(i));
      long used = threads.getCurrentThreadCpuTime();
      long before = System.nanoTime();
      found += tier.search(FINGERPRINT, query, 5).isEmpty() ? 0 : 1;
      times[i] = System.nanoTime() - before;
      processor[i] = threads.getCurrentThreadCpuTime() - used;
    }
    Arrays.sort(times);
    Arrays.sort(processor);
    System.out.printf(
        Locale.ROOT,
        "  a search then: p50 %.1f ms, p99 %.1f ms (of processor time %.1f and %.1f),"
            + " %d of %d found something%n",
        times[SEARCHES / 2] / 1e6,
        times[(int) (SEARCHES * 0.99)] / 1e6,
        processor[SEARCHES / 2] / 1e6,
        processor[(int) (SEARCHES * 0.99)] / 1e6,
        found,
        SEARCHES);
  }

  private static void say(String what, long start) {
    System.out.printf(
        Locale.ROOT,
        "after %.2f s (%.2f s of processor time): %s%n",
        (System.nanoTime() - start) / 1e9,
        ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3,
        what);
  }
}
