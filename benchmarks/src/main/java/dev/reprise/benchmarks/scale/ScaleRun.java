package dev.reprise.benchmarks.scale;

import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.tier.Neighbour;
import dev.reprise.tier.SemanticRow;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Fills one tier step by step, and measures it after each. */
final class ScaleRun {
  private static final int BATCH = 1_000;

  /** Rounding differs between a scan and a tier. */
  private static final double TOLERANCE = 1e-5;

  private final Instant expiry = Instant.now().plus(Duration.ofDays(1));

  private final SyntheticQuestions questions = new SyntheticQuestions(ScaledTier.DIMENSION);
  private final int scopes;
  private final int queries;
  private final int seconds;
  private final Runnable beforeMeasuring;

  /**
   * @param beforeMeasuring called before each measurement of time
   */
  ScaleRun(int scopes, int queries, int seconds, Runnable beforeMeasuring) {
    this.scopes = scopes;
    this.queries = queries;
    this.seconds = seconds;
    this.beforeMeasuring = beforeMeasuring;
  }

  /** Makes an empty tier. */
  interface Start {
    ScaledTier start() throws InterruptedException;
  }

  void measure(String name, List<Integer> sizes, Start start, Consumer<Point> done)
      throws InterruptedException {
    long before = memory();
    try (ScaledTier tier = start.start()) {
      int stored = 0;
      for (int size : sizes) {
        double rate = fill(tier, stored, size);
        tier.settle(size);
        stored = size;
        double bytes = name.equals(ScaleCommand.EMBEDDED) ? (memory() - before) / (double) size : 0;
        done.accept(point(name, tier, size, rate, bytes));
      }
    }
  }

  private double fill(ScaledTier tier, int from, int to) {
    long spent = 0;
    List<SemanticRow> batch = new ArrayList<>(BATCH);
    for (int i = from; i < to; i++) {
      batch.add(row(i));
      if (batch.size() == BATCH || i == to - 1) {
        long start = System.nanoTime();
        tier.store(batch);
        spent += System.nanoTime() - start;
        batch.clear();
      }
      if ((i + 1) % 50_000 == 0) {
        System.err.printf("%,d rows%n", i + 1);
      }
    }
    return (to - from) / (spent / 1e9);
  }

  private SemanticRow row(int number) {
    return new SemanticRow(
        ExactKey.ofHex(hex(number)),
        fingerprint(number % scopes),
        Vector.normalized(questions.question(number)),
        expiry);
  }

  private static Fingerprint fingerprint(int scope) {
    return Fingerprint.ofHex(hex(scope));
  }

  /** Returns the digits of the key or the fingerprint of that number. */
  static String hex(int number) {
    return "0".repeat(48) + HexFormat.of().toHexDigits((long) number);
  }

  private Point point(String name, ScaledTier tier, int size, double rate, double bytes) {
    List<Query> asked = Query.some(questions, queries, size, scopes);
    System.err.printf("%s, %,d rows: comparing all with %,d queries%n", name, size, queries);
    float[] best = new FlatScan(questions, scopes, asked).best(size);
    int[] found = new int[2];
    int[] all = new int[2];
    for (int i = 0; i < asked.size(); i++) {
      Query query = asked.get(i);
      int kind = query.isParaphrase() ? 0 : 1;
      all[kind]++;
      if (cosine(tier, query) >= best[i] - TOLERANCE) {
        found[kind]++;
      }
    }
    beforeMeasuring.run();
    Times times = times(tier, asked);
    return new Point(
        name,
        size,
        scopes,
        Times.share(times.elapsed, 0.5),
        Times.share(times.elapsed, 0.99),
        found[0] / (double) all[0],
        found[1] / (double) all[1],
        rate,
        bytes,
        Times.share(times.processor, 0.5),
        Times.share(times.processor, 0.99));
  }

  /** How long searches take, and how much processor time, in nanoseconds, in order. */
  private static final class Times {
    private final long[] elapsed;
    private final long[] processor;

    Times(long[] elapsed, long[] processor) {
      this.elapsed = elapsed;
      this.processor = processor;
    }

    static double share(long[] times, double share) {
      return times[(int) (times.length * share)] / 1e3;
    }
  }

  private static double cosine(ScaledTier tier, Query query) {
    List<Neighbour> nearest = tier.tier().search(fingerprint(query.scope()), query.vector(), 1);
    return nearest.isEmpty() ? -1 : nearest.get(0).similarity().cosine();
  }

  private Times times(ScaledTier tier, List<Query> asked) {
    List<Vector> vectors = asked.stream().map(Query::vector).toList();
    List<Fingerprint> scopesOf = asked.stream().map(query -> fingerprint(query.scope())).toList();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long[] times = new long[1 << 20];
    long[] processor = new long[times.length];
    int count = 0;
    long start = System.nanoTime();
    long warm = start + TimeUnit.SECONDS.toNanos(2);
    long end = warm + TimeUnit.SECONDS.toNanos(seconds);
    for (int i = 0; count < times.length; i++) {
      int place = i % vectors.size();
      long before = System.nanoTime();
      if (before > end) {
        break;
      }
      long used = threads.getCurrentThreadCpuTime();
      tier.tier().search(scopesOf.get(place), vectors.get(place), 5);
      if (before > warm) {
        processor[count] = threads.getCurrentThreadCpuTime() - used;
        times[count++] = System.nanoTime() - before;
      }
    }
    long[] sorted = Arrays.copyOf(times, count);
    long[] sortedProcessor = Arrays.copyOf(processor, count);
    Arrays.sort(sorted);
    Arrays.sort(sortedProcessor);
    return new Times(sorted, sortedProcessor);
  }

  /** Returns the bytes in use, after a collection, outside of the heap included. */
  private static long memory() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(100);
    }
    long buffers =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + buffers;
  }
}
