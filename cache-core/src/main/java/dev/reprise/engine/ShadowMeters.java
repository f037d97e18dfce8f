package dev.reprise.engine;

import dev.reprise.match.RiskReport.Estimate;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToDoubleFunction;

/** The meters of shadow mode in one registry. They come with its first request. */
final class ShadowMeters {
  private final MeterRegistry registry;
  private final Tags tags;
  private final ShadowCounter counter = new ShadowCounter();
  private final AtomicBoolean isRegistered = new AtomicBoolean();

  /**
   * @param cache the cache's name
   */
  ShadowMeters(MeterRegistry registry, String cache) {
    this.registry = registry;
    this.tags = Tags.of("cache", cache);
  }

  void count(Outcome.Shadow shadow) {
    counter.count(shadow);
    if (isRegistered.compareAndSet(false, true)) {
      register();
    }
  }

  void count(CacheEvent.Compared compared) {
    counter.count(compared);
  }

  private void register() {
    String requests = "reprise.shadow.requests";
    counter(requests, "lookups in shadow mode", ShadowStats::exactHits, "would", "hit-exact");
    counter(requests, "lookups in shadow mode", ShadowStats::semanticHits, "would", "hit-semantic");
    counter(requests, "lookups in shadow mode", ShadowStats::curatedHits, "would", "hit-curated");
    counter(
        requests,
        "lookups in shadow mode",
        stats -> stats.lookups() - stats.exactHits() - stats.semanticHits() - stats.curatedHits(),
        "would",
        "miss");
    String compared = "reprise.shadow.compared";
    String words = "would-be hits that were compared with the fresh answer";
    counter(
        compared,
        words,
        stats -> stats.exactCompared() - stats.exactWrong(),
        "match",
        "exact",
        "result",
        "same");
    counter(compared, words, ShadowStats::exactWrong, "match", "exact", "result", "different");
    counter(
        compared,
        words,
        stats -> stats.compared() - stats.wrong(),
        "match",
        "semantic",
        "result",
        "same");
    counter(compared, words, ShadowStats::wrong, "match", "semantic", "result", "different");
    savings();
    wrongRate("low", Estimate::low);
    wrongRate("value", Estimate::value);
    wrongRate("high", Estimate::high);
  }

  private void savings() {
    String tokens = "reprise.shadow.tokens.saved";
    String words = "tokens that live mode would have saved, as far as they are known";
    counter(tokens, words, ShadowStats::inputTokensSaved, "type", "input");
    counter(tokens, words, ShadowStats::outputTokensSaved, "type", "output");
    FunctionCounter.builder(
            "reprise.shadow.time.saved", this, own -> own.stats().timeSaved().toNanos() / 1e9)
        .description("the upstream's time that live mode would have saved")
        .baseUnit("seconds")
        .tags(tags)
        .register(registry);
    FunctionCounter.builder("reprise.shadow.cost.saved", this, own -> own.stats().dollarsSaved())
        .description("what live mode would have saved, as far as prices are known")
        .baseUnit("dollars")
        .tags(tags)
        .register(registry);
  }

  private void counter(
      String meter, String words, ToDoubleFunction<ShadowStats> value, String... more) {
    FunctionCounter.builder(meter, this, own -> value.applyAsDouble(own.stats()))
        .description(words)
        .tags(tags.and(more))
        .register(registry);
  }

  private void wrongRate(String end, ToDoubleFunction<Estimate> value) {
    Gauge.builder(
            "reprise.shadow.wrong.rate",
            this,
            own -> own.stats().wrongPerHit().map(value::applyAsDouble).orElse(Double.NaN))
        .description("wrong answers among would-be semantic hits, and the 95 % interval")
        .tags(tags.and("end", end))
        .register(registry);
  }

  private ShadowStats stats() {
    return counter.snapshot();
  }
}
