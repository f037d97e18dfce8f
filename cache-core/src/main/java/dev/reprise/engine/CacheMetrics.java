package dev.reprise.engine;

import dev.reprise.match.MatchStage;
import dev.reprise.model.Reason;
import dev.reprise.model.internal.Checks;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Micrometer's meters of an engine. It listens to the engine from its start, and counts in every
 * registry from the moment that it is bound there.
 *
 * <pre>{@code
 * CacheMetrics metrics = CacheMetrics.named("answers");
 * CacheEngine engine = CacheEngine.builder().listener(metrics).build();
 * metrics.bindTo(registry);
 * }</pre>
 *
 * <p>Every meter has the tag {@code cache}, the name. {@code cache.gets} and {@code cache.puts}
 * mean what they mean for other caches; docs/OPERATIONS.md has the list. Needs micrometer-core,
 * which the core does not bring.
 */
public final class CacheMetrics implements CacheListener, MeterBinder {
  private static final String CACHE = "cache";

  /** The languages with a tag value of their own. */
  private static final Set<String> LANGUAGES =
      Set.of("en", "de", "fr", "es", "it", "pt", "nl", "pl", "zh", "ja", "ko", "und", "mul");

  private final String name;
  private final List<Meters> bound = new CopyOnWriteArrayList<>();

  private CacheMetrics(String name) {
    this.name = Checks.notBlank("name of cache", name);
  }

  /**
   * Returns the meters of the cache of that name.
   *
   * @throws IllegalArgumentException if it is blank
   */
  public static CacheMetrics named(String name) {
    Objects.requireNonNull(name, "name");
    return new CacheMetrics(name);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    bound.add(new Meters(registry, name));
  }

  @Override
  public void onEvent(CacheEvent event) {
    for (Meters meters : bound) {
      meters.count(event);
    }
  }

  /** The meters in one registry. Those whose tags are not known before come as they are needed. */
  private static final class Meters {
    private final MeterRegistry registry;
    private final String name;

    private final ShadowMeters shadow;
    private final Counter misses;
    private final Counter puts;
    private final Counter failed;
    private final Counter cancelled;
    private final Counter writesDropped;
    private final Counter invalidated;
    private final Counter secondsSaved;
    private final Counter dollarsSaved;
    private final Map<String, Latency> latencies = new ConcurrentHashMap<>();
    private final Map<String, Counter> hits = new ConcurrentHashMap<>();
    private final Map<Reason.Code, Counter> bypasses = new ConcurrentHashMap<>();
    private final Map<Reason.Code, Counter> notStored = new ConcurrentHashMap<>();
    private final Map<String, Counter> trouble = new ConcurrentHashMap<>();
    private final Map<Rejection, Counter> rejected = new ConcurrentHashMap<>();
    private final Map<String, Counter> judged = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> openCircuits = new ConcurrentHashMap<>();

    Meters(MeterRegistry registry, String name) {
      this.registry = registry;
      this.name = name;
      shadow = new ShadowMeters(registry, name);
      misses =
          counter("cache.gets", "requests that were looked up", "result", "miss", "tier", "none");
      puts = counter("cache.puts", "fresh answers that were stored");
      failed = counter("reprise.ends", "requests without an outcome", "end", "failed");
      cancelled = counter("reprise.ends", "requests without an outcome", "end", "cancelled");
      writesDropped = counter("reprise.writes.dropped", "semantic writes that were given up");
      invalidated = counter("reprise.invalidated", "entries that were invalidated by a tag");
      secondsSaved =
          builder("reprise.time.saved", "the upstream's time that hits saved")
              .baseUnit("seconds")
              .register(registry);
      dollarsSaved =
          builder("reprise.cost.saved", "what hits saved, as far as prices are known")
              .baseUnit("dollars")
              .register(registry);
    }

    private Counter.Builder builder(String meter, String description, String... tags) {
      return Counter.builder(meter).description(description).tag(CACHE, name).tags(tags);
    }

    private Counter counter(String meter, String description, String... tags) {
      return builder(meter, description, tags).register(registry);
    }

    void count(CacheEvent event) {
      if (event instanceof CacheEvent.Finished finished) {
        count(finished.outcome());
      } else if (event instanceof CacheEvent.Failed) {
        failed.increment();
      } else if (event instanceof CacheEvent.Cancelled) {
        cancelled.increment();
      } else if (event instanceof CacheEvent.Stored) {
        puts.increment();
      } else if (event instanceof CacheEvent.NotStored skipped) {
        of(
                notStored,
                skipped.reason().code(),
                code ->
                    counter("reprise.not.stored", "fresh answers kept out", "reason", tag(code)))
            .increment();
      } else if (event instanceof CacheEvent.Rejected candidate) {
        of(
                rejected,
                new Rejection(candidate.stage(), language(candidate.language())),
                this::rejected)
            .increment();
      } else if (event instanceof CacheEvent.Judged candidate) {
        String occasion = candidate.occasion().name().toLowerCase(Locale.ROOT);
        String result = candidate.isSame() ? "same" : "different";
        of(
                judged,
                occasion + result,
                key ->
                    counter(
                        "reprise.judged",
                        "candidates whose answer was judged",
                        "occasion",
                        occasion,
                        "result",
                        result))
            .increment();
      } else if (event instanceof CacheEvent.Compared compared) {
        shadow.count(compared);
      } else if (event instanceof CacheEvent.Trouble failure) {
        of(
                trouble,
                failure.part(),
                part -> counter("reprise.trouble", "failures of the cache's parts", "part", part))
            .increment();
      } else if (event instanceof CacheEvent.Circuit circuit) {
        of(openCircuits, circuit.tier(), this::circuit)
            .set(circuit.state() == CacheEvent.CircuitState.OPEN ? 1 : 0);
      } else if (event instanceof CacheEvent.WriteDropped) {
        writesDropped.increment();
      } else if (event instanceof CacheEvent.Invalidated entries) {
        invalidated.increment((double) entries.count());
      }
    }

    private void count(Outcome outcome) {
      outcome.shadow().ifPresent(shadow::count);
      of(latencies, outcomeTag(outcome), this::latency).record(outcome.timings());
      if (outcome instanceof Outcome.Hit hit) {
        secondsSaved.increment(hit.saving().time().toNanos() / 1e9);
        if (hit.saving().cost() instanceof Cost.Dollars dollars) {
          dollarsSaved.increment(dollars.usd());
        }
      }
      if (outcome instanceof Outcome.ExactHit exact) {
        of(hits, exact.tier(), this::hits).increment();
      } else if (outcome instanceof Outcome.SemanticHit) {
        of(hits, "semantic", this::hits).increment();
      } else if (outcome instanceof Outcome.CuratedHit) {
        of(hits, "curated", this::hits).increment();
      } else if (outcome instanceof Outcome.Bypassed bypassed) {
        of(
                bypasses,
                bypassed.reason().code(),
                code -> counter("reprise.bypasses", "not looked up", "reason", tag(code)))
            .increment();
      } else {
        misses.increment();
      }
    }

    private Counter rejected(Rejection rejection) {
      return counter(
          "reprise.rejected",
          "candidates that the matcher rejected",
          "stage",
          rejection.stage().name().toLowerCase(Locale.ROOT),
          "language",
          rejection.language());
    }

    /** Returns the language as a tag, which has few values. */
    private static String language(String code) {
      return code.isEmpty() ? "none" : LANGUAGES.contains(code) ? code : "other";
    }

    private Counter hits(String tier) {
      return counter("cache.gets", "requests that were looked up", "result", "hit", "tier", tier);
    }

    private AtomicInteger circuit(String tier) {
      AtomicInteger open = new AtomicInteger();
      Gauge.builder("reprise.circuit.open", open, AtomicInteger::get)
          .description("1 while a tier is not asked because it failed, else 0")
          .tags(CACHE, name, "tier", tier)
          .register(registry);
      return open;
    }

    private Latency latency(String outcome) {
      return new Latency(
          Timer.builder("reprise.requests")
              .description("from the call to the answer")
              .tags(CACHE, name, "outcome", outcome)
              .register(registry),
          Timer.builder("reprise.overhead")
              .description("the cache's own part of it")
              .tags(CACHE, name, "outcome", outcome)
              .register(registry));
    }

    private static String outcomeTag(Outcome outcome) {
      if (outcome instanceof Outcome.ExactHit) {
        return "exact-hit";
      } else if (outcome instanceof Outcome.SemanticHit) {
        return "semantic-hit";
      } else if (outcome instanceof Outcome.CuratedHit) {
        return "curated-hit";
      } else if (outcome instanceof Outcome.Computed computed) {
        return computed.call() == Outcome.Call.SHARED ? "shared" : "computed";
      } else if (outcome instanceof Outcome.Bypassed) {
        return "bypassed";
      }
      return "unsatisfied";
    }

    private static String tag(Reason.Code code) {
      return code.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <K, M> M of(Map<K, M> meters, K key, Function<K, M> create) {
      M meter = meters.get(key);
      return meter != null ? meter : meters.computeIfAbsent(key, create);
    }
  }

  /** What tells rejections apart. */
  private record Rejection(MatchStage stage, String language) {}

  /** The two timers of an outcome. */
  private record Latency(Timer total, Timer overhead) {
    void record(Timings timings) {
      total.record(timings.total());
      overhead.record(timings.overhead());
    }
  }
}
