package dev.reprise.cli.demo;

import dev.reprise.cli.io.InputException;
import dev.reprise.cli.io.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What became of every question of a stream.
 *
 * @param asked in the order of the stream
 * @param wallTime from the first question to the last answer
 */
record DemoRun(List<Asked> asked, Duration wallTime) {

  DemoRun {
    asked = List.copyOf(asked);
  }

  /**
   * Asks {@code questions} in their order, {@code concurrency} at a time.
   *
   * @param nanoTime what measures the time
   */
  static DemoRun of(
      List<DemoQuestion> questions,
      DemoCache cache,
      int concurrency,
      Progress progress,
      LongSupplier nanoTime) {
    ExecutorService threads =
        new ThreadPoolExecutor(
            concurrency,
            concurrency,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(Math.max(1, questions.size())));
    long start = nanoTime.getAsLong();
    try {
      Counter counter = new Counter(progress);
      List<Future<Asked>> open = new ArrayList<>();
      for (DemoQuestion question : questions) {
        open.add(
            threads.submit(
                () -> {
                  Asked asked = new Asked(question, cache.ask(question));
                  counter.count(asked.reply());
                  return asked;
                }));
      }
      List<Asked> asked = new ArrayList<>();
      for (Future<Asked> one : open) {
        asked.add(one.get());
      }
      return new DemoRun(asked, Duration.ofNanos(nanoTime.getAsLong() - start));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InputException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the demo failed", e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private static final class Counter {
    private final Progress progress;
    private int hits;

    Counter(Progress progress) {
      this.progress = progress;
    }

    synchronized void count(DemoReply reply) {
      if (Statistics.isHit(reply)) {
        hits++;
      }
      progress.step(hits);
    }
  }
}
