package dev.reprise.engine;

import dev.reprise.tier.Entry;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a tier and who is shown its entries: what the latter throws is not the tier's
 * trouble, and a tier that was given up shows nothing more. Safe for use by several threads.
 */
final class Visit implements Predicate<Entry> {
  private final Predicate<Entry> visitor;
  private volatile long shown;
  private boolean isOver;
  private @Nullable Throwable failure;

  Visit(Predicate<Entry> visitor) {
    this.visitor = visitor;
  }

  @Override
  public synchronized boolean test(Entry entry) {
    if (isOver) {
      return false;
    }
    shown = shown + 1;
    try {
      isOver = !visitor.test(entry);
    } catch (Throwable e) {
      failure = e;
      isOver = true;
    }
    return !isOver;
  }

  /** Returns how many entries were shown. */
  long shown() {
    return shown;
  }

  /** Shows no more, and throws what the visitor threw. */
  synchronized void end() {
    isOver = true;
    if (failure instanceof RuntimeException e) {
      throw e;
    } else if (failure instanceof Error e) {
      throw e;
    }
  }
}
