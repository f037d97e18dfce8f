package dev.reprise.benchmarks;

import dev.reprise.engine.AnswerSupplier;

/** The upstream of a benchmark of hits. */
final class Expect {
  /** Fails: a benchmark of hits that misses measures nothing. */
  static final AnswerSupplier<RuntimeException> HIT =
      () -> {
        throw new IllegalStateException("a hit was expected, and the upstream was called");
      };

  private Expect() {}
}
