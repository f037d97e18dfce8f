package dev.reprise.engine;

import dev.reprise.match.MatchStage;
import dev.reprise.model.Reason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** Counts events. */
final class StatsCounter {
  private final LongAdder exactHits = new LongAdder();
  private final LongAdder semanticHits = new LongAdder();
  private final LongAdder curatedHits = new LongAdder();
  private final LongAdder computed = new LongAdder();
  private final LongAdder shared = new LongAdder();
  private final LongAdder bypassed = new LongAdder();
  private final LongAdder unsatisfied = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder cancelled = new LongAdder();
  private final LongAdder upstreamCalls = new LongAdder();
  private final LongAdder stored = new LongAdder();
  private final LongAdder notStored = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final LongAdder writesDropped = new LongAdder();
  private final LongAdder searchesSkipped = new LongAdder();
  private final LongAdder nanosecondsSaved = new LongAdder();
  private final DoubleAdder dollarsSaved = new DoubleAdder();
  private final Map<String, LongAdder> exactHitsByTier = new ConcurrentHashMap<>();
  private final LongAdder judgedSame = new LongAdder();
  private final LongAdder judgedDifferent = new LongAdder();
  private final Map<MatchStage, LongAdder> rejectedByStage = new ConcurrentHashMap<>();
  private final Map<Reason.Code, LongAdder> bypassedByReason = new ConcurrentHashMap<>();
  private final Map<Reason.Code, LongAdder> notStoredByReason = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> troubleByPart = new ConcurrentHashMap<>();

  private final ShadowCounter shadow = new ShadowCounter();

  void upstreamCalled() {
    upstreamCalls.increment();
  }

  void count(CacheEvent event) {
    if (event instanceof CacheEvent.Finished finished) {
      count(finished.outcome());
    } else if (event instanceof CacheEvent.Failed) {
      failed.increment();
    } else if (event instanceof CacheEvent.Cancelled) {
      cancelled.increment();
    } else if (event instanceof CacheEvent.Stored) {
      stored.increment();
    } else if (event instanceof CacheEvent.NotStored skipped) {
      notStored.increment();
      increment(notStoredByReason, skipped.reason().code());
    } else if (event instanceof CacheEvent.Rejected candidate) {
      rejected.increment();
      increment(rejectedByStage, candidate.stage());
    } else if (event instanceof CacheEvent.Judged judged) {
      (judged.isSame() ? judgedSame : judgedDifferent).increment();
    } else if (event instanceof CacheEvent.Compared compared) {
      shadow.count(compared);
    } else if (event instanceof CacheEvent.Trouble trouble) {
      increment(troubleByPart, trouble.part());
    } else if (event instanceof CacheEvent.WriteDropped) {
      writesDropped.increment();
    } else if (event instanceof CacheEvent.SearchSkipped) {
      searchesSkipped.increment();
    }
  }

  private void count(Outcome outcome) {
    outcome.shadow().ifPresent(shadow::count);
    if (outcome instanceof Outcome.Hit hit) {
      nanosecondsSaved.add(hit.saving().time().toNanos());
      if (hit.saving().cost() instanceof Cost.Dollars dollars) {
        dollarsSaved.add(dollars.usd());
      }
    }
    if (outcome instanceof Outcome.ExactHit exact) {
      exactHits.increment();
      increment(exactHitsByTier, exact.tier());
    } else if (outcome instanceof Outcome.SemanticHit) {
      semanticHits.increment();
    } else if (outcome instanceof Outcome.CuratedHit) {
      curatedHits.increment();
    } else if (outcome instanceof Outcome.Computed fresh) {
      computed.increment();
      if (fresh.call() == Outcome.Call.SHARED) {
        shared.increment();
      }
    } else if (outcome instanceof Outcome.Bypassed bypass) {
      bypassed.increment();
      increment(bypassedByReason, bypass.reason().code());
    } else {
      unsatisfied.increment();
    }
  }

  private static <K> void increment(Map<K, LongAdder> counters, K key) {
    LongAdder counter = counters.get(key);
    if (counter == null) {
      counter = counters.computeIfAbsent(key, unused -> new LongAdder());
    }
    counter.increment();
  }

  /**
   * @param waiting how many requests wait for the call of another one
   */
  CacheStats snapshot(long waiting) {
    long exact = exactHits.sum();
    long semantic = semanticHits.sum();
    long curated = curatedHits.sum();
    long fresh = computed.sum();
    long bypasses = bypassed.sum();
    long unanswered = unsatisfied.sum();
    long failures = failed.sum();
    long cancellations = cancelled.sum();
    return new CacheStats(
        new CacheStats.Requests(
            exact + semantic + curated + fresh + bypasses + unanswered + failures + cancellations,
            exact,
            semantic,
            curated,
            fresh,
            shared.sum(),
            bypasses,
            unanswered,
            failures,
            cancellations,
            upstreamCalls.sum(),
            waiting),
        new CacheStats.Writes(stored.sum(), notStored.sum(), writesDropped.sum()),
        new CacheStats.Matching(
            rejected.sum(), judgedSame.sum(), judgedDifferent.sum(), searchesSkipped.sum()),
        new CacheStats.Breakdown(
            sums(exactHitsByTier, new HashMap<>()),
            sums(rejectedByStage, new EnumMap<>(MatchStage.class)),
            sums(bypassedByReason, new EnumMap<>(Reason.Code.class)),
            sums(notStoredByReason, new EnumMap<>(Reason.Code.class)),
            sums(troubleByPart, new HashMap<>())),
        new CacheStats.Savings(Duration.ofNanos(nanosecondsSaved.sum()), dollarsSaved.sum()),
        shadow.snapshot());
  }

  private static <K> Map<K, Long> sums(Map<K, LongAdder> counters, Map<K, Long> sums) {
    counters.forEach((key, counter) -> sums.put(key, counter.sum()));
    return sums;
  }
}
