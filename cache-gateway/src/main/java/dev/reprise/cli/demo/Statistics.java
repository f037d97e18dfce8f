package dev.reprise.cli.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run comes to.
 *
 * @param rows exact hits, semantic hits, misses, bypasses by reason, failures, in this order; the
 *     first three and the last are there even where they are empty
 * @param all all rows together
 * @param overhead the time that the cache itself took in the misses
 * @param bypassReasons how many bypasses had which reason, most first
 * @param wallTime from the first question to the last answer
 * @param timeWithoutCache what callers would have waited, added up, had every question gone to the
 *     upstream
 * @param timeSaved how much of it the hits saved: the upstream's time then less the hit's now
 * @param costWithoutCache US dollars, had every question gone to the upstream
 * @param costSaved how much of it the hits saved
 * @param warmth for each tenth of the stream, the share of its questions that were hits
 */
record Statistics(
    List<Row> rows,
    Row all,
    Row overhead,
    List<ReasonCount> bypassReasons,
    Duration wallTime,
    Duration timeWithoutCache,
    Duration timeSaved,
    double costWithoutCache,
    double costSaved,
    List<Double> warmth) {

  private static final int TENTHS = 10;

  Statistics {
    rows = List.copyOf(rows);
    bypassReasons = List.copyOf(bypassReasons);
    warmth = List.copyOf(warmth);
  }

  /** What kind of reply a row counts. */
  enum Kind {
    EXACT_HIT("Exact hit"),
    SEMANTIC_HIT("Semantic hit"),
    MISS("Miss"),
    BYPASS("Bypass"),
    FAILURE("Failed"),
    ALL("All");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /**
   * One row of the table.
   *
   * @param kind what is counted
   * @param detail the reason of a bypass, else empty
   * @param count how many
   * @param share of all, 0 to 1
   * @param median the 50th percentile of the time a caller waited, zero where there is none
   * @param slow the 99th percentile of it, zero where there is none
   */
  record Row(Kind kind, String detail, int count, double share, Duration median, Duration slow) {}

  /**
   * How often there was a reason.
   *
   * @param reason for people
   * @param count how often
   */
  record ReasonCount(String reason, int count) {}

  /** Returns the statistics of {@code asked}, in the order of the stream. */
  static Statistics of(List<Asked> asked, Duration wallTime, Prices prices) {
    Map<Kind, List<Duration>> plain = new LinkedHashMap<>();
    for (Kind kind : List.of(Kind.EXACT_HIT, Kind.SEMANTIC_HIT, Kind.MISS)) {
      plain.put(kind, new ArrayList<>());
    }
    Map<String, List<Duration>> bypasses = new TreeMap<>();
    Map<String, Integer> reasons = new LinkedHashMap<>();
    List<Duration> overheads = new ArrayList<>();
    List<Duration> failures = new ArrayList<>();
    List<Duration> everything = new ArrayList<>();
    Duration without = Duration.ZERO;
    Duration saved = Duration.ZERO;
    double cost = 0;
    double costSaved = 0;
    for (Asked one : asked) {
      DemoReply reply = one.reply();
      everything.add(reply.took());
      Kind kind = kind(reply);
      if (reply instanceof DemoReply.Bypass bypass) {
        bypasses.computeIfAbsent(bypass.code(), code -> new ArrayList<>()).add(reply.took());
        reasons.merge(bypass.detail(), 1, Integer::sum);
      } else if (kind == Kind.FAILURE) {
        failures.add(reply.took());
      } else {
        plain.getOrDefault(kind, new ArrayList<>()).add(reply.took());
      }
      if (reply instanceof DemoReply.Miss miss) {
        overheads.add(miss.overhead());
      }
      Duration upstream = upstreamTime(reply);
      without = without.plus(upstream);
      double price = price(reply, prices);
      cost += price;
      if (isHit(reply)) {
        saved = saved.plus(upstream).minus(reply.took());
        costSaved += price;
      }
    }
    int total = asked.size();
    List<Row> rows = new ArrayList<>();
    plain.forEach((kind, times) -> rows.add(row(kind, "", times, total)));
    bypasses.forEach((code, times) -> rows.add(row(Kind.BYPASS, code, times, total)));
    rows.add(row(Kind.FAILURE, "", failures, total));
    return new Statistics(
        rows,
        row(Kind.ALL, "", everything, total),
        row(Kind.MISS, "overhead", overheads, total),
        reasons.entrySet().stream()
            .map(reason -> new ReasonCount(reason.getKey(), reason.getValue()))
            .sorted(Comparator.comparingInt(ReasonCount::count).reversed())
            .toList(),
        wallTime,
        without,
        saved,
        cost,
        costSaved,
        warmth(asked));
  }

  /** Returns how many of a kind there are. */
  int count(Kind kind) {
    return rows.stream().filter(row -> row.kind() == kind).mapToInt(Row::count).sum();
  }

  /** Returns how many answers came from the cache. */
  int hits() {
    return count(Kind.EXACT_HIT) + count(Kind.SEMANTIC_HIT);
  }

  /** Returns whether the answer came from the cache. */
  static boolean isHit(DemoReply reply) {
    return reply instanceof DemoReply.ExactHit || reply instanceof DemoReply.SemanticHit;
  }

  /**
   * Returns the least time that {@code share} of all are not above (the nearest rank); zero where
   * there is none.
   */
  static Duration percentile(List<Duration> times, double share) {
    if (times.isEmpty()) {
      return Duration.ZERO;
    }
    List<Duration> sorted = times.stream().sorted().toList();
    int rank = (int) Math.ceil(share * sorted.size());
    return sorted.get(Math.max(0, rank - 1));
  }

  private static Row row(Kind kind, String detail, List<Duration> times, int total) {
    return new Row(
        kind,
        detail,
        times.size(),
        total == 0 ? 0 : (double) times.size() / total,
        percentile(times, 0.50),
        percentile(times, 0.99));
  }

  private static Kind kind(DemoReply reply) {
    if (reply instanceof DemoReply.ExactHit) {
      return Kind.EXACT_HIT;
    }
    if (reply instanceof DemoReply.SemanticHit) {
      return Kind.SEMANTIC_HIT;
    }
    if (reply instanceof DemoReply.Miss) {
      return Kind.MISS;
    }
    return reply instanceof DemoReply.Bypass ? Kind.BYPASS : Kind.FAILURE;
  }

  private static Duration upstreamTime(DemoReply reply) {
    if (reply instanceof DemoReply.ExactHit hit) {
      return hit.upstreamTime();
    }
    if (reply instanceof DemoReply.SemanticHit hit) {
      return hit.upstreamTime();
    }
    return reply.took();
  }

  private static double price(DemoReply reply, Prices prices) {
    if (reply instanceof DemoReply.ExactHit hit) {
      return prices.of(hit.served());
    }
    if (reply instanceof DemoReply.SemanticHit hit) {
      return prices.of(hit.served());
    }
    if (reply instanceof DemoReply.Miss miss) {
      return prices.of(miss.served());
    }
    return reply instanceof DemoReply.Bypass bypass ? prices.of(bypass.served()) : 0;
  }

  private static List<Double> warmth(List<Asked> asked) {
    List<Double> shares = new ArrayList<>();
    for (int tenth = 0; tenth < TENTHS; tenth++) {
      List<Asked> part =
          asked.subList(asked.size() * tenth / TENTHS, asked.size() * (tenth + 1) / TENTHS);
      long hits = part.stream().filter(one -> isHit(one.reply())).count();
      shares.add(part.isEmpty() ? 0 : (double) hits / part.size());
    }
    return shares;
  }
}
