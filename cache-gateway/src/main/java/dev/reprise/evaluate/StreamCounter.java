package dev.reprise.evaluate;

import dev.reprise.match.RiskReport;
import dev.reprise.model.Similarity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Counts what becomes of the lookups of a pass, and keeps examples. */
final class StreamCounter implements StreamRun.Listener {
  private final int half;
  private final Counts first = new Counts();
  private final Counts second = new Counts();
  private final Examples wrong = new Examples();
  private final Examples missed = new Examples();
  private int tooLong;

  /** The surest right candidate of this lookup that was not accepted. */
  private @Nullable Example passedOver;

  /** What is counted. */
  private static final class Counts {
    private int lookups;
    private int exactHits;
    private int wrongExactHits;
    private int hits;
    private int wrongHits;
  }

  /**
   * @param size how many lookups there will be
   */
  StreamCounter(int size) {
    half = size / 2;
  }

  @Override
  public void exact(int number, Arrival asked, Arrival cached) {
    Counts counts = ended(number);
    counts.exactHits++;
    if (!asked.label().equals(cached.label())) {
      counts.wrongExactHits++;
    }
  }

  @Override
  public void decided(
      int number, Arrival asked, Arrival cached, Similarity similarity, Verdict verdict) {
    boolean right = asked.label().equals(cached.label());
    Example example =
        new Example(
            asked.query(),
            asked.label(),
            cached.query(),
            cached.label(),
            similarity.cosine(),
            verdict);
    if (verdict instanceof Verdict.Accepted) {
      Counts counts = ended(number);
      counts.hits++;
      if (!right) {
        counts.wrongHits++;
        wrong.add(example);
      }
    } else if (right
        && (passedOver == null
            || verdict.confidenceOrNone() > passedOver.verdict().confidenceOrNone())) {
      passedOver = example;
    }
  }

  @Override
  public void missed(int number, StreamRun.Fit fit) {
    if (passedOver != null) {
      missed.add(passedOver);
    }
    ended(number);
    if (fit == StreamRun.Fit.TOO_LONG) {
      tooLong++;
    }
  }

  private Counts ended(int number) {
    passedOver = null;
    Counts counts = number < half ? first : second;
    counts.lookups++;
    return counts;
  }

  Tally tally() {
    return new Tally(
        first.lookups + second.lookups,
        first.exactHits + second.exactHits,
        first.wrongExactHits + second.wrongExactHits,
        first.hits + second.hits,
        first.wrongHits + second.wrongHits);
  }

  Evaluation evaluation(String matcher, Optional<RiskReport> risk) {
    return new Evaluation.OfStream(
        matcher,
        tally(),
        new Tally(
            second.lookups, second.exactHits, second.wrongExactHits, second.hits, second.wrongHits),
        tooLong,
        wrong.surest(),
        missed.surest(),
        risk);
  }
}
