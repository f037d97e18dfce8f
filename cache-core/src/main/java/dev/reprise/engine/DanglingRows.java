package dev.reprise.engine;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * Counts rows of the semantic tier whose answer the exact tier no longer has, and warns once where
 * they are many: the exact tier holds fewer answers than the semantic tier rows. Safe for use by
 * several threads.
 */
final class DanglingRows {
  /** How many such rows are found before it warns: {@value}. */
  static final int MANY = 100;

  /** It warns where at least one search in so many finds one: {@value}. */
  static final int SEARCHES = 10;

  private final LongAdder searches = new LongAdder();
  private final LongAdder found = new LongAdder();
  private final AtomicBoolean isSaid = new AtomicBoolean();
  private final Consumer<String> warn;

  DanglingRows() {
    this(line -> LoggerFactory.getLogger("dev.reprise.engine").warn(line));
  }

  DanglingRows(Consumer<String> warn) {
    this.warn = warn;
  }

  /** Counts a search that found neighbours. */
  void searched() {
    searches.increment();
  }

  /** Counts a row that points to nothing. */
  void found() {
    found.increment();
    long rows = found.sum();
    if (rows >= MANY && rows * SEARCHES >= searches.sum() && isSaid.compareAndSet(false, true)) {
      warn.accept(
          rows
              + " rows of the semantic tier pointed to answers that the exact tier no longer has,"
              + " in "
              + searches.sum()
              + " searches. They were evicted or removed, and leave no hits. Unless you removed"
              + " them, give the exact tier more room, or the semantic tier fewer rows. This is"
              + " logged once");
    }
  }
}
