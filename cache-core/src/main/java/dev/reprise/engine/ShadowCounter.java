package dev.reprise.engine;

import dev.reprise.model.TokenUsage;
import java.time.Duration;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** Counts what shadow mode did not serve. Safe for use by several threads. */
final class ShadowCounter {
  private final LongAdder lookups = new LongAdder();
  private final LongAdder exactHits = new LongAdder();
  private final LongAdder semanticHits = new LongAdder();
  private final LongAdder curatedHits = new LongAdder();
  private final LongAdder nanosecondsSaved = new LongAdder();
  private final DoubleAdder dollarsSaved = new DoubleAdder();
  private final LongAdder inputTokensSaved = new LongAdder();
  private final LongAdder outputTokensSaved = new LongAdder();
  private final Verdicts exact = new Verdicts();
  private final Verdicts semantic = new Verdicts();

  private static final class Verdicts {
    private final LongAdder same = new LongAdder();
    private final LongAdder different = new LongAdder();

    ShadowStats.Comparisons sum() {
      return new ShadowStats.Comparisons(same.sum(), different.sum());
    }
  }

  void count(Outcome.Shadow shadow) {
    lookups.increment();
    if (shadow instanceof Outcome.Shadow.WouldHit would) {
      Outcome.Hit hit = would.hit();
      counter(hit).increment();
      nanosecondsSaved.add(hit.saving().time().toNanos());
      if (hit.saving().cost() instanceof Cost.Dollars dollars) {
        dollarsSaved.add(dollars.usd());
      }
      if (hit.answer().usage() instanceof TokenUsage.Known usage) {
        inputTokensSaved.add(usage.inputTokens());
        outputTokensSaved.add(usage.outputTokens());
      }
    }
  }

  private LongAdder counter(Outcome.Hit hit) {
    if (hit instanceof Outcome.ExactHit) {
      return exactHits;
    }
    return hit instanceof Outcome.CuratedHit ? curatedHits : semanticHits;
  }

  void count(CacheEvent.Compared compared) {
    Verdicts verdicts = compared.hit() instanceof Outcome.ExactHit ? exact : semantic;
    (compared.isSame() ? verdicts.same : verdicts.different).increment();
  }

  ShadowStats snapshot() {
    return new ShadowStats(
        new ShadowStats.Lookups(
            lookups.sum(), exactHits.sum(), semanticHits.sum(), curatedHits.sum()),
        new ShadowStats.Savings(
            Duration.ofNanos(nanosecondsSaved.sum()),
            dollarsSaved.sum(),
            inputTokensSaved.sum(),
            outputTokensSaved.sum()),
        exact.sum(),
        semantic.sum());
  }
}
