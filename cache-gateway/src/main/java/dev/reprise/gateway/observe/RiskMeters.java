package dev.reprise.gateway.observe;

import dev.reprise.engine.CacheEngine;
import dev.reprise.match.RiskReport;
import dev.reprise.match.WrongAnswerBound;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** How often the matcher is wrong, as meters. They are there where it can know. */
final class RiskMeters {
  private static final String PER_LOOKUP = "lookup";
  private static final String PER_HIT = "hit";

  private final CacheEngine engine;
  private volatile @Nullable RiskReport report;

  private RiskMeters(CacheEngine engine) {
    this.engine = engine;
  }

  /** Registers what {@code engine} knows; shows nothing for a matcher that cannot know. */
  static RiskMeters of(CacheEngine engine, MeterRegistry registry, String cache) {
    RiskMeters meters = new RiskMeters(engine);
    meters.refresh();
    RiskReport known = meters.report;
    if (known != null) {
      meters.register(registry, cache, known.bound());
    }
    return meters;
  }

  /** Asks the engine; the meters show this until the next time. */
  void refresh() {
    Optional<RiskReport> now = engine.risk();
    report = now.orElse(null);
  }

  private void register(MeterRegistry registry, String cache, WrongAnswerBound bound) {
    estimate(registry, cache, PER_LOOKUP, RiskReport::wrongPerLookup);
    estimate(registry, cache, PER_HIT, RiskReport::wrongPerHit);
    gauge(
        registry,
        cache,
        "reprise.risk.bound",
        "the rate of wrong answers that is allowed",
        risk -> risk.bound().rate(),
        "per",
        bound.kind() == WrongAnswerBound.Kind.PER_HIT ? PER_HIT : PER_LOOKUP);
    gauge(
        registry,
        cache,
        "reprise.risk.least.confidence",
        "from which confidence on candidates are served",
        risk -> risk.point().leastConfidence());
    gauge(
        registry,
        cache,
        "reprise.risk.lookups",
        "lookups by meaning that the estimate rests on",
        RiskReport::lookups);
    gauge(
        registry,
        cache,
        "reprise.risk.judged",
        "judged candidates that the estimate rests on",
        RiskReport::judged);
    gauge(
        registry,
        cache,
        "reprise.risk.served.judged",
        "served answers that were judged",
        RiskReport::servedJudged);
    gauge(
        registry,
        cache,
        "reprise.risk.served.wrong",
        "served answers that were judged wrong",
        RiskReport::servedWrong);
  }

  private void estimate(
      MeterRegistry registry,
      String cache,
      String per,
      Function<RiskReport, RiskReport.Estimate> estimate) {
    ends()
        .forEach(
            (end, value) ->
                gauge(
                    registry,
                    cache,
                    "reprise.risk.wrong.rate",
                    "the estimated rate of wrong answers, and its 95 % interval",
                    risk -> value.applyAsDouble(estimate.apply(risk)),
                    "per",
                    per,
                    "end",
                    end));
  }

  private static Map<String, ToDoubleFunction<RiskReport.Estimate>> ends() {
    return Map.of(
        "low", RiskReport.Estimate::low,
        "value", RiskReport.Estimate::value,
        "high", RiskReport.Estimate::high);
  }

  private void gauge(
      MeterRegistry registry,
      String cache,
      String name,
      String words,
      ToDoubleFunction<RiskReport> value,
      String... tags) {
    Gauge.builder(name, this, meters -> meters.value(value))
        .description(words)
        .tag("cache", cache)
        .tags(tags)
        .register(registry);
  }

  private double value(ToDoubleFunction<RiskReport> value) {
    RiskReport known = report;
    return known == null ? Double.NaN : value.applyAsDouble(known);
  }
}
