package dev.reprise.benchmarks.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the load generator counted. Safe for use by several threads. */
final class Ledger {
  private static final int KEPT_FAULTS = 50;

  private final Map<Kind, Map<String, Long>> ends = new EnumMap<>(Kind.class);
  private final List<Bucket> buckets = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final List<String> mixUps = new ArrayList<>();
  private final List<String> misjudged = new ArrayList<>();
  private final int bucketSeconds;
  private long asked;
  private long ended;
  private long failed;
  private long mixedUp;
  private long wrongByMeaning;

  /**
   * @param bucketSeconds how long a stretch of the plot is
   */
  Ledger(int bucketSeconds) {
    this.bucketSeconds = bucketSeconds;
  }

  /** What happened in a stretch of time. */
  private static final class Bucket {
    private final Map<Kind, Long> asked = new EnumMap<>(Kind.class);
    private final Map<Kind, Long> hits = new EnumMap<>(Kind.class);
    private final List<Double> milliseconds = new ArrayList<>();
  }

  /**
   * A stretch of the run.
   *
   * @param second when it began
   * @param perSecond answers a second
   * @param repeatHits the share of repeated questions that were hits; NaN where there were none
   * @param paraphraseHits the same of paraphrases
   * @param p99 of all answers, in milliseconds, reckoned from when they were due
   */
  record Stretch(
      int second, double perSecond, double repeatHits, double paraphraseHits, double p99) {}

  /** Counts a request that is sent. */
  synchronized void asked() {
    asked++;
  }

  /**
   * Counts the end of a request.
   *
   * @param end what the cache says that it did, or what became of the request
   * @param second of the run; negative before its timed part
   * @param milliseconds since it was due
   */
  synchronized void ended(Kind kind, String end, double second, double milliseconds) {
    ended++;
    ends.computeIfAbsent(kind, key -> new TreeMap<>()).merge(end, 1L, Long::sum);
    if (second < 0) {
      return;
    }
    int index = (int) (second / bucketSeconds);
    while (buckets.size() <= index) {
      buckets.add(new Bucket());
    }
    Bucket bucket = buckets.get(index);
    bucket.asked.merge(kind, 1L, Long::sum);
    if (end.startsWith("hit")) {
      bucket.hits.merge(kind, 1L, Long::sum);
    }
    if (kind != Kind.HANG_UP) {
      bucket.milliseconds.add(milliseconds);
    }
  }

  /** Counts a request that failed and should not have. */
  synchronized void failed(String what) {
    failed++;
    keep(failures, what);
  }

  /** Counts an answer that belongs to somebody or something else. */
  synchronized void mixedUp(String what) {
    mixedUp++;
    keep(mixUps, what);
  }

  /** Counts a hit by meaning whose question means something else. */
  synchronized void misjudged(String what) {
    wrongByMeaning++;
    keep(misjudged, what);
  }

  private static void keep(List<String> list, String what) {
    if (list.size() < KEPT_FAULTS) {
      list.add(what);
    }
  }

  synchronized long requests() {
    return asked;
  }

  synchronized long underWay() {
    return asked - ended;
  }

  synchronized long ends() {
    return ended;
  }

  synchronized long failures() {
    return failed;
  }

  synchronized long mixUps() {
    return mixedUp;
  }

  synchronized long misjudgements() {
    return wrongByMeaning;
  }

  /** Returns examples of what went wrong. */
  synchronized List<String> examples() {
    List<String> all = new ArrayList<>(failures);
    all.addAll(mixUps);
    all.addAll(misjudged);
    return all;
  }

  /** Returns how many requests of a kind were sent and ended. */
  synchronized long count(Kind kind) {
    return ends.getOrDefault(kind, Map.of()).values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns how many requests of all kinds ended so. */
  synchronized long count(String end) {
    return ends.values().stream().mapToLong(map -> map.getOrDefault(end, 0L)).sum();
  }

  /** Returns what became of each kind. */
  synchronized Map<Kind, Map<String, Long>> table() {
    Map<Kind, Map<String, Long>> copy = new EnumMap<>(Kind.class);
    ends.forEach((kind, map) -> copy.put(kind, new TreeMap<>(map)));
    return copy;
  }

  /** Returns the stretches of the run so far. */
  synchronized List<Stretch> stretches() {
    List<Stretch> stretches = new ArrayList<>();
    for (int i = 0; i < buckets.size(); i++) {
      Bucket bucket = buckets.get(i);
      double[] sorted =
          bucket.milliseconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      long all = bucket.asked.values().stream().mapToLong(Long::longValue).sum();
      stretches.add(
          new Stretch(
              i * bucketSeconds,
              (double) all / bucketSeconds,
              share(bucket, Kind.REPEAT),
              share(bucket, Kind.PARAPHRASE),
              sorted.length == 0 ? Double.NaN : sorted[(int) (sorted.length * 0.99)]));
    }
    return stretches;
  }

  /**
   * Returns the share of hits among the requests of a kind that ended from one second to another.
   */
  synchronized double hitRate(Kind kind, double fromSecond, double toSecond) {
    long asked = 0;
    long hits = 0;
    for (int i = 0; i < buckets.size(); i++) {
      if (i * bucketSeconds >= fromSecond && (i + 1) * bucketSeconds <= toSecond) {
        asked += buckets.get(i).asked.getOrDefault(kind, 0L);
        hits += buckets.get(i).hits.getOrDefault(kind, 0L);
      }
    }
    return asked == 0 ? Double.NaN : (double) hits / asked;
  }

  /** Returns the 99th percentile over all stretches, in milliseconds. */
  double p99() {
    return percentile(0.99);
  }

  /** Returns a percentile over all stretches, in milliseconds. */
  synchronized double percentile(double share) {
    double[] all =
        buckets.stream()
            .flatMap(bucket -> bucket.milliseconds.stream())
            .mapToDouble(Double::doubleValue)
            .toArray();
    Arrays.sort(all);
    return all.length == 0 ? Double.NaN : all[(int) (all.length * share)];
  }

  private static double share(Bucket bucket, Kind kind) {
    long asked = bucket.asked.getOrDefault(kind, 0L);
    return asked == 0 ? Double.NaN : (double) bucket.hits.getOrDefault(kind, 0L) / asked;
  }
}
