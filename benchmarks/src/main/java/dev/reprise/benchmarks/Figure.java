package dev.reprise.benchmarks;

import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.MultisetStatistics;
import org.openjdk.jmh.util.Statistics;

/**
 * What one benchmark showed: the cache, and its floor, measured in turn in one process.
 *
 * @param path which path through the cache: "ExactMemory"
 * @param method "reprise", or a variant of it
 * @param entries how many entries were cached
 * @param threads how many threads asked
 * @param cache the calls through the cache
 * @param floor the calls of the floor
 */
record Figure(String path, String method, int entries, int threads, Times cache, Times floor) {

  /**
   * How long calls took.
   *
   * @param p50Microseconds the median
   * @param p99Microseconds the 99th percentile
   * @param perSecond calls a second of all threads together: threads over the mean time (a closed
   *     loop)
   */
  record Times(double p50Microseconds, double p99Microseconds, double perSecond) {
    private static Times of(Statistics times, int threads) {
      return new Times(
          times.getPercentile(50), times.getPercentile(99), threads / (times.getMean() / 1e6));
    }
  }

  /**
   * The measured iterations are of even number behind a warm-up of even number: see {@link Turn}.
   */
  static Figure of(RunResult result) {
    String name = result.getParams().getBenchmark();
    int dot = name.lastIndexOf('.');
    String type = name.substring(name.lastIndexOf('.', dot - 1) + 1, dot);
    int threads = result.getParams().getThreads();
    MultisetStatistics floor = new MultisetStatistics();
    MultisetStatistics cache = new MultisetStatistics();
    result
        .getBenchmarkResults()
        .forEach(
            fork -> {
              int i = 0;
              for (IterationResult iteration : fork.getIterationResults()) {
                add(iteration, Turn.isFloors(i) ? floor : cache);
                i++;
              }
            });
    return new Figure(
        type.replace("Benchmark", ""),
        name.substring(dot + 1),
        Integer.parseInt(result.getParams().getParam("entries")),
        threads,
        Times.of(cache, threads),
        Times.of(floor, threads));
  }

  private static void add(IterationResult iteration, MultisetStatistics all) {
    Iterator<Map.Entry<Double, Long>> times =
        iteration.getPrimaryResult().getStatistics().getRawData();
    while (times.hasNext()) {
      Map.Entry<Double, Long> time = times.next();
      all.addValue(time.getKey(), time.getValue());
    }
  }

  /** Returns how many times the floor's median the cache's is. */
  double ratio() {
    return cache.p50Microseconds() / floor.p50Microseconds();
  }

  static String format(double microseconds) {
    return String.format(Locale.ROOT, microseconds < 100 ? "%,.1f" : "%,.0f", microseconds);
  }
}
