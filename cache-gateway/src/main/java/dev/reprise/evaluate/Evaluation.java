package dev.reprise.evaluate;

import dev.reprise.match.RiskReport;
import java.util.List;
import java.util.Optional;

/** What a matcher reached on some data. */
public sealed interface Evaluation {
  /** Returns the matcher's name. */
  String matcher();

  /** Returns what became of the lookups. */
  Tally tally();

  /** Returns how many lookups asked a question beyond the embedder's window. */
  int tooLong();

  /** Returns the operating point, on the same axes as the curve. */
  Curve.Point operatingPoint();

  /** Returns the wrong hits that the matcher was surest of. */
  List<Example> wrong();

  /** Returns the right candidates that it came nearest to accepting. */
  List<Example> missed();

  /**
   * On pairs.
   *
   * @param same how many pairs are the same question
   */
  record OfPairs(
      String matcher, Tally tally, int same, int tooLong, List<Example> wrong, List<Example> missed)
      implements Evaluation {
    public OfPairs {
      wrong = List.copyOf(wrong);
      missed = List.copyOf(missed);
    }

    /** Returns how often a pair that is the same question was a hit. */
    public Rate recall() {
      return new Rate(tally.hits() - tally.wrongHits(), same);
    }

    /** Returns how often a pair that is not the same question was a hit. */
    public Rate falseHitRate() {
      return new Rate(tally.wrongHits(), tally.lookups() - same);
    }

    @Override
    public Curve.Point operatingPoint() {
      return new Curve.Point(
          Double.NaN, falseHitRate().value().orElse(0), recall().value().orElse(0));
    }
  }

  /**
   * On a stream.
   *
   * @param secondHalf what became of the later half of the lookups, when the cache was fuller
   * @param risk what the matcher knew of its own wrong answers at the end, if it learnt in place
   */
  record OfStream(
      String matcher,
      Tally tally,
      Tally secondHalf,
      int tooLong,
      List<Example> wrong,
      List<Example> missed,
      Optional<RiskReport> risk)
      implements Evaluation {
    public OfStream {
      wrong = List.copyOf(wrong);
      missed = List.copyOf(missed);
    }

    @Override
    public Curve.Point operatingPoint() {
      return new Curve.Point(
          Double.NaN, tally.wrongPerLookup().value().orElse(0), tally.hitRate().value().orElse(0));
    }
  }
}
