package dev.reprise.cli.evaluate;

import dev.reprise.cli.io.Progress;
import dev.reprise.cli.io.Terminal;
import dev.reprise.evaluate.EvaluationProgress;
import java.util.Optional;

/** Shows an evaluation's progress, one bar after the other. */
final class ShownProgress implements EvaluationProgress, AutoCloseable {
  private final Optional<Terminal> terminal;
  private final String name;
  private Progress bar = Progress.none();

  /**
   * @param terminal where it is shown, if it is
   * @param name what stands before each task
   */
  ShownProgress(Optional<Terminal> terminal, String name) {
    this.terminal = terminal;
    this.name = name;
  }

  @Override
  public void begin(String task, int steps) {
    bar.close();
    bar = terminal.map(on -> Progress.on(on, name + task, steps)).orElseGet(Progress::none);
  }

  @Override
  public void step() {
    bar.step();
  }

  @Override
  public void close() {
    bar.close();
  }
}
