package dev.reprise.evaluate;

import dev.reprise.embed.Embedder;
import dev.reprise.engine.CacheEngine;
import java.util.List;
import java.util.Optional;

/**
 * Measures matchers on labelled questions. All matchers of an evaluation share the embeddings; what
 * they learn, they learn apart. The processors are used side by side; the result is the same every
 * time.
 */
public final class Evaluator {
  /** How many nearest candidates a lookup of a stream looks at, as in the engine: {@value}. */
  public static final int CANDIDATES = CacheEngine.Builder.DEFAULT_CANDIDATES;

  private final Embedder embedder;
  private final Curves curves;
  private final EvaluationProgress progress;
  private final Optional<InPlace> inPlace;

  private Evaluator(
      Embedder embedder, Curves curves, EvaluationProgress progress, Optional<InPlace> inPlace) {
    this.embedder = embedder;
    this.curves = curves;
    this.progress = progress;
    this.inPlace = inPlace;
  }

  /** Whether every operating point is measured, not only the matchers' own. */
  public enum Curves {
    DRAWN,
    LEFT_OUT
  }

  /** Returns an evaluator whose questions {@code embedder} embeds. */
  public static Evaluator of(Embedder embedder, Curves curves, EvaluationProgress progress) {
    return new Evaluator(embedder, curves, new OneAtATime(progress), Optional.empty());
  }

  /** Returns an evaluator whose matchers learn in place during each stream, from nothing. */
  public Evaluator learning(InPlace inPlace) {
    return new Evaluator(embedder, curves, progress, Optional.of(inPlace));
  }

  /** Measures {@code matchers} on {@code data}. Takes milliseconds of each question. */
  public DataEvaluation evaluate(LabelledData data, List<NamedMatcher> matchers) {
    EmbeddedTexts texts = new EmbeddedTexts(embedder);
    return data instanceof LabelledData.Pairs pairs
        ? new PairEvaluator(pairs, texts, progress).evaluate(matchers, curves)
        : new StreamEvaluator((LabelledData.Stream) data, texts, progress)
            .evaluate(matchers, curves, inPlace);
  }

  /** Tells of what several threads do, one after the other. */
  static final class OneAtATime implements EvaluationProgress {
    private final EvaluationProgress progress;

    OneAtATime(EvaluationProgress progress) {
      this.progress = progress;
    }

    @Override
    public synchronized void begin(String task, int steps) {
      progress.begin(task, steps);
    }

    @Override
    public synchronized void step() {
      progress.step();
    }
  }
}
