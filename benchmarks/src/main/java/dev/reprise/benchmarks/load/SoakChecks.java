package dev.reprise.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What must be true after a soak. */
final class SoakChecks {
  private final List<Check> checks = new ArrayList<>();

  /**
   * One of them.
   *
   * @param name what must be true
   * @param detail the figures
   */
  record Check(String name, boolean isTrue, String detail) {}

  /** Adds one. */
  void add(String name, boolean isTrue, String detail, Object... figures) {
    checks.add(new Check(name, isTrue, String.format(Locale.ROOT, detail, figures)));
  }

  /** Returns all in their order. */
  List<Check> all() {
    return List.copyOf(checks);
  }

  boolean isPassed() {
    return checks.stream().allMatch(Check::isTrue);
  }

  // --- each of them -----------------------------------------------------------------------------

  /** Adds that no request failed, and that each got the answer to it. */
  void answers(Ledger ledger) {
    add(
        "no call failed that the upstream had not failed",
        ledger.failures() == 0,
        "%,d of %,d failed",
        ledger.failures(),
        ledger.requests());
    add(
        "every request ended",
        ledger.underWay() == 0,
        "%,d are still under way",
        ledger.underWay());
    add(
        "no answer belongs to another question, model, or key",
        ledger.mixUps() == 0,
        "%,d do",
        ledger.mixUps());
    long byMeaning = ledger.count("hit-semantic");
    add(
        "at most 1 % of the hits by meaning are of a question that means something else",
        byMeaning > 0 && ledger.misjudgements() <= byMeaning * 0.01,
        "%,d of %,d",
        ledger.misjudgements(),
        byMeaning);
  }

  /**
   * Adds that the gateway, the upstream and the load generator counted the same.
   *
   * @param meters the gateway's
   * @param upstreamCalls what the upstream counted
   */
  void counters(Ledger ledger, Map<String, Double> meters, long upstreamCalls) {
    long exact = outcome(meters, "exact-hit");
    long semantic = outcome(meters, "semantic-hit");
    long computed = outcome(meters, "computed");
    long shared = outcome(meters, "shared");
    long bypassed = outcome(meters, "bypassed");
    long unsatisfied = outcome(meters, "unsatisfied");
    long failed = count(meters, "reprise_ends_total{end=\"failed\"}");
    long cancelled = count(meters, "reprise_ends_total{end=\"cancelled\"}");
    long all = exact + semantic + computed + shared + bypassed + unsatisfied + failed + cancelled;
    add(
        "every request has one end in /metrics",
        all == ledger.requests(),
        "%,d exact hits + %,d by meaning + %,d computed + %,d shared + %,d bypassed + %,d failed + %,d cancelled = %,d of %,d requests",
        exact,
        semantic,
        computed,
        shared,
        bypassed,
        failed,
        cancelled,
        all,
        ledger.requests());
    add(
        "/metrics counts the hits that clients saw",
        exact == ledger.count("hit-exact") && semantic == ledger.count("hit-semantic"),
        "%,d and %,d exact, %,d and %,d by meaning",
        exact,
        ledger.count("hit-exact"),
        semantic,
        ledger.count("hit-semantic"));
    misses(ledger, computed + shared);
    add(
        "/metrics counts the bypasses that clients saw",
        bypassed == ledger.count("bypass"),
        "%,d and %,d",
        bypassed,
        ledger.count("bypass"));
    add(
        "/metrics counts the failures of the upstream",
        failed == ledger.count(Kind.FAILING),
        "%,d and %,d",
        failed,
        ledger.count(Kind.FAILING));
    long withoutCall = computed + bypassed + failed + cancelled - upstreamCalls;
    add(
        "the gateway's calls are those that the upstream saw, less those given up before they came there",
        withoutCall >= 0 && withoutCall <= cancelled,
        "%,d computed, bypassed, failed or cancelled; %,d calls came; %,d cancelled",
        computed + bypassed + failed + cancelled,
        upstreamCalls,
        cancelled);
  }

  private void misses(Ledger ledger, long misses) {
    long unseen = misses - ledger.count("miss");
    long hungUp = ledger.count(Kind.HANG_UP);
    add(
        "/metrics counts the misses that clients saw, and at most those of clients that hung up",
        unseen >= 0 && unseen <= hungUp,
        "%,d and %,d; %,d hung up",
        misses,
        ledger.count("miss"),
        hungUp);
  }

  private static long outcome(Map<String, Double> meters, String outcome) {
    return count(meters, "reprise_requests_seconds_count{outcome=\"" + outcome + "\"}");
  }

  private static long count(Map<String, Double> meters, String name) {
    return meters.getOrDefault(name, 0.0).longValue();
  }

  /** Adds that the last third of the run used no more than the second. */
  void flat(Watch watch, double seconds) {
    flat("live heap, MB", watch, Watch.Reading::liveMegabytes, seconds, 1.10, 8);
    flat("memory of the process, MB", watch, Watch.Reading::residentMegabytes, seconds, 1.05, 16);
    flat("threads", watch, Watch.Reading::threads, seconds, 1.10, 8);
    flat("open files and connections", watch, Watch.Reading::openFiles, seconds, 1.10, 16);
  }

  private void flat(
      String what,
      Watch watch,
      ToDoubleFunction<Watch.Reading> figure,
      double seconds,
      double factor,
      double slack) {
    double second = watch.median(figure, seconds / 3, seconds * 2 / 3);
    double last = watch.median(figure, seconds * 2 / 3, seconds + 1);
    add(
        what + ": the last third is no more than the second",
        last <= second * factor + slack,
        "medians %.0f and %.0f",
        second,
        last);
  }

  /** Adds that hits are as many as before once a server is back. */
  void recovery(Ledger ledger, List<Faults.Fault> faults, double seconds) {
    add(
        "each server was killed and started again twice",
        faults.size() == 4,
        "%d faults",
        faults.size());
    double window = Math.max(5, seconds * 0.05);
    for (int i = 0; i < faults.size(); i++) {
      Faults.Fault fault = faults.get(i);
      double end = i + 1 < faults.size() ? faults.get(i + 1).killed() : seconds;
      Kind kind = fault.server().equals("Redis") ? Kind.REPEAT : Kind.PARAPHRASE;
      double before = ledger.hitRate(kind, fault.killed() - window, fault.killed());
      double after = ledger.hitRate(kind, end - window, end);
      add(
          String.format(
              Locale.ROOT,
              "hits of %s recover after %s was killed at %.0f s and back at %.0f s",
              kind.name().toLowerCase(Locale.ROOT) + "s",
              fault.server(),
              fault.killed(),
              fault.back()),
          after >= before * 0.85,
          "%.3f before, %.3f at %.0f s",
          before,
          after,
          end);
    }
  }
}
