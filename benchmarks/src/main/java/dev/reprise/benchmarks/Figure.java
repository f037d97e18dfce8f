package dev.reprise.benchmarks;

import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/**
 * What one benchmark showed.
 *
 * @param path which path through the cache: "ExactMemory"
 * @param method "floor" or "reprise", or a variant of it
 * @param entries how many entries were cached
 * @param threads how many threads asked
 * @param p50Microseconds the median time of a call
 * @param p99Microseconds the 99th percentile
 * @param perSecond calls a second of all threads together: threads over the mean time (a closed
 *     loop)
 * @param samples how many calls were timed
 */
record Figure(
    String path,
    String method,
    int entries,
    int threads,
    double p50Microseconds,
    double p99Microseconds,
    double perSecond,
    long samples) {

  static final String FLOOR = "floor";

  static Figure of(RunResult result) {
    String name = result.getParams().getBenchmark();
    int dot = name.lastIndexOf('.');
    String type = name.substring(name.lastIndexOf('.', dot - 1) + 1, dot);
    Statistics times = result.getPrimaryResult().getStatistics();
    int threads = result.getParams().getThreads();
    return new Figure(
        type.replace("Benchmark", ""),
        name.substring(dot + 1),
        Integer.parseInt(result.getParams().getParam("entries")),
        threads,
        times.getPercentile(50),
        times.getPercentile(99),
        threads / (times.getMean() / 1e6),
        times.getN());
  }

  boolean isFloor() {
    return method.equals(FLOOR);
  }

  /** Returns whether {@code other} was measured on the same path, size and number of threads. */
  boolean isBeside(Figure other) {
    return path.equals(other.path) && entries == other.entries && threads == other.threads;
  }

  static String format(double microseconds) {
    return String.format(Locale.ROOT, microseconds < 100 ? "%,.1f" : "%,.0f", microseconds);
  }
}
