package dev.reprise.cli.io;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far a run is. Called by one thread at a time. */
public interface Progress extends AutoCloseable {

  /**
   * Shows that one question more is answered.
   *
   * @param hits how many of the answers so far came from the cache
   */
  void step(int hits);

  /** Shows that one step more is done, of what has no hits. */
  void step();

  @Override
  void close();

  /** Returns one that shows nothing. */
  static Progress none() {
    return new Progress() {
      @Override
      public void step(int hits) {}

      @Override
      public void step() {}

      @Override
      public void close() {}
    };
  }

  /** Returns the one that suits {@code terminal}. */
  static Progress on(Terminal terminal, String task, int total) {
    return terminal.interactive() ? bar(terminal, task, total) : lines(terminal, task, total);
  }

  private static Progress bar(Terminal terminal, String task, int total) {
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(total)
            .setStyle(terminal.unicode() ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(100)
            .setMaxRenderedLength(Terminal.WIDTH)
            .setConsumer(new ConsoleProgressBarConsumer(terminal.out(), Terminal.WIDTH))
            .build();
    return new Progress() {
      @Override
      public void step(int hits) {
        bar.step();
        bar.setExtraMessage(" " + hits + " hits");
      }

      @Override
      public void step() {
        bar.step();
      }

      @Override
      public void close() {
        bar.close();
      }
    };
  }

  private static Progress lines(Terminal terminal, String task, int total) {
    PrintStream out = terminal.out();
    return new Progress() {
      private int done;
      private int shown;

      @Override
      public void step(int hits) {
        show(", " + hits + " hits so far");
      }

      @Override
      public void step() {
        show("");
      }

      private void show(String more) {
        done++;
        int quarter = (int) (4L * done / total);
        if (quarter > shown) {
          shown = quarter;
          out.println(task + " " + done + " of " + total + more);
        }
      }

      @Override
      public void close() {}
    };
  }
}
