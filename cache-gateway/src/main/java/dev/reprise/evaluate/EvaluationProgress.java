package dev.reprise.evaluate;

/** Is told how far an evaluation is. Called by one thread at a time. */
public interface EvaluationProgress {
  /** Something begins that takes {@code steps}, at least 1; what was before it has ended. */
  void begin(String task, int steps);

  /** One step more is done. */
  void step();

  /** Returns one that is told in vain. */
  static EvaluationProgress none() {
    return new EvaluationProgress() {
      @Override
      public void begin(String task, int steps) {}

      @Override
      public void step() {}
    };
  }
}
