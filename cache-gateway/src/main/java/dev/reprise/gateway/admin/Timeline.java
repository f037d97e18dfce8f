package dev.reprise.gateway.admin;

import dev.reprise.engine.CacheEvent;
import dev.reprise.engine.CacheListener;
import dev.reprise.engine.Cost;
import dev.reprise.engine.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.IntCountsHistogram;
import org.jspecify.annotations.Nullable;

/**
 * What happened in each minute of the last day: at most about 5 MiB, whatever the traffic. Safe for
 * use by several threads.
 */
public final class Timeline implements CacheListener {
  /** How many minutes are remembered: {@value}, a day. */
  static final int MINUTES = 24 * 60;

  private static final long SECONDS_PER_MINUTE = 60;

  private final InstantSource clock;
  private long passedInAll;
  private final @Nullable Minute[] ring = new @Nullable Minute[MINUTES];

  public Timeline(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public void onEvent(CacheEvent event) {
    if (event instanceof CacheEvent.Terminal end) {
      long minute = clock.instant().getEpochSecond() / SECONDS_PER_MINUTE;
      synchronized (this) {
        at(minute).add(end);
      }
    }
  }

  /** Counts a request that is no matter of the cache and was handed on. */
  public void passed() {
    long minute = clock.instant().getEpochSecond() / SECONDS_PER_MINUTE;
    synchronized (this) {
      at(minute).passed++;
      passedInAll++;
    }
  }

  /** Returns how many requests were handed on since the start. */
  synchronized long passedInAll() {
    return passedInAll;
  }

  private Minute at(long minute) {
    int place = Math.floorMod(minute, MINUTES);
    Minute there = ring[place];
    if (there == null || there.minute != minute) {
      there = new Minute(minute);
      ring[place] = there;
    }
    return there;
  }

  /**
   * Returns the last {@code minutes} in slices of {@code step} minutes, oldest first; the last one
   * is not over yet.
   *
   * @param minutes from 1 to {@value #MINUTES}
   * @param step from 1 to {@code minutes}
   */
  synchronized List<Slice> slices(int minutes, int step) {
    long now = clock.instant().getEpochSecond() / SECONDS_PER_MINUTE;
    long first = Math.floorDiv(now - minutes + step, step) * step;
    List<Slice> slices = new ArrayList<>();
    for (long from = first; from <= now; from += step) {
      slices.add(slice(from, Math.min(now, from + step - 1)));
    }
    return slices;
  }

  /** Returns the last {@code minutes} together. */
  synchronized Slice whole(int minutes) {
    long now = clock.instant().getEpochSecond() / SECONDS_PER_MINUTE;
    return slice(now - minutes + 1, now);
  }

  private Slice slice(long from, long to) {
    Minute sum = new Minute(from);
    for (long minute = from; minute <= to; minute++) {
      Minute there = ring[Math.floorMod(minute, MINUTES)];
      if (there != null && there.minute == minute) {
        sum.add(there);
      }
    }
    return new Slice(
        Instant.ofEpochSecond(from * SECONDS_PER_MINUTE),
        Map.copyOf(sum.exactHits),
        sum.semanticHits,
        sum.curatedHits,
        sum.misses,
        Map.copyOf(sum.bypassed),
        sum.passed,
        sum.unsatisfied,
        sum.failed,
        sum.cancelled,
        sum.hitTimes.latency(),
        sum.missTimes.latency(),
        Duration.ofNanos(sum.nanosecondsSaved),
        sum.dollarsSaved);
  }

  /**
   * What happened in a while.
   *
   * @param from when it began
   * @param exactHits by the tier's name
   * @param bypassed by the reason's code
   * @param passed what is no matter of the cache and was handed on
   * @param hits how long hits took
   * @param missed how long misses took, the upstream's time included
   */
  record Slice(
      Instant from,
      Map<String, Long> exactHits,
      long semanticHits,
      long curatedHits,
      long misses,
      Map<String, Long> bypassed,
      long passed,
      long unsatisfied,
      long failed,
      long cancelled,
      Latency hits,
      Latency missed,
      Duration timeSaved,
      double dollarsSaved) {}

  /**
   * How long some requests took, to within a tenth; zero where there were none.
   *
   * @param count how many there were
   */
  record Latency(long count, Duration p50, Duration p95, Duration p99) {}

  private static final class Minute {
    private final long minute;
    private final Map<String, Long> exactHits = new TreeMap<>();
    private long semanticHits;
    private long curatedHits;
    private long misses;
    private final Map<String, Long> bypassed = new TreeMap<>();
    private long passed;
    private long unsatisfied;
    private long failed;
    private long cancelled;
    private final Times hitTimes = new Times();
    private final Times missTimes = new Times();
    private long nanosecondsSaved;
    private double dollarsSaved;

    Minute(long minute) {
      this.minute = minute;
    }

    void add(CacheEvent.Terminal end) {
      if (end instanceof CacheEvent.Finished finished) {
        add(finished.outcome());
      } else if (end instanceof CacheEvent.Failed) {
        failed++;
      } else {
        cancelled++;
      }
    }

    private void add(Outcome outcome) {
      if (outcome instanceof Outcome.Hit hit) {
        hitTimes.add(hit.timings().total());
        nanosecondsSaved += hit.saving().time().toNanos();
        dollarsSaved += hit.saving().cost() instanceof Cost.Dollars known ? known.usd() : 0;
      }
      if (outcome instanceof Outcome.ExactHit hit) {
        exactHits.merge(hit.tier(), 1L, Long::sum);
      } else if (outcome instanceof Outcome.SemanticHit) {
        semanticHits++;
      } else if (outcome instanceof Outcome.CuratedHit) {
        curatedHits++;
      } else if (outcome instanceof Outcome.Computed) {
        misses++;
        missTimes.add(outcome.timings().total());
      } else if (outcome instanceof Outcome.Bypassed past) {
        String reason = past.reason().code().name().toLowerCase(Locale.ROOT).replace('_', '-');
        bypassed.merge(reason, 1L, Long::sum);
      } else {
        unsatisfied++;
      }
    }

    void add(Minute other) {
      other.exactHits.forEach((tier, count) -> exactHits.merge(tier, count, Long::sum));
      semanticHits += other.semanticHits;
      curatedHits += other.curatedHits;
      misses += other.misses;
      other.bypassed.forEach((reason, count) -> bypassed.merge(reason, count, Long::sum));
      passed += other.passed;
      unsatisfied += other.unsatisfied;
      failed += other.failed;
      cancelled += other.cancelled;
      hitTimes.add(other.hitTimes);
      missTimes.add(other.missTimes);
      nanosecondsSaved += other.nanosecondsSaved;
      dollarsSaved += other.dollarsSaved;
    }
  }

  /** Counts times in microseconds. */
  private static final class Times {
    private static final long LONGEST = Duration.ofMinutes(10).toNanos() / 1_000;
    private static final int DIGITS = 1;

    private @Nullable IntCountsHistogram histogram;

    void add(Duration time) {
      histogram().recordValue(Math.min(LONGEST, Math.max(1, time.toNanos() / 1_000)));
    }

    void add(Times other) {
      if (other.histogram != null) {
        histogram().add(other.histogram);
      }
    }

    private IntCountsHistogram histogram() {
      IntCountsHistogram there = histogram;
      if (there == null) {
        there = new IntCountsHistogram(LONGEST, DIGITS);
        histogram = there;
      }
      return there;
    }

    Latency latency() {
      IntCountsHistogram there = histogram;
      return there == null
          ? new Latency(0, Duration.ZERO, Duration.ZERO, Duration.ZERO)
          : new Latency(there.getTotalCount(), at(there, 50), at(there, 95), at(there, 99));
    }

    private static Duration at(IntCountsHistogram histogram, double percentile) {
      return Duration.ofNanos(histogram.getValueAtPercentile(percentile) * 1_000);
    }
  }
}
