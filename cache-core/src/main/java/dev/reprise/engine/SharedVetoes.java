package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import dev.reprise.tier.SharedLog;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * What the log did not take is kept, within a bound, and appended when it takes something again: it holds in this process
 * at once, and in the others from then on. Whoever reported it is told that it is not recorded yet.
 */
/** Tells other processes of what was reported as wrong. Safe for use by several threads. */
final class SharedVetoes {
  /** So many records are kept for a log that does not take them: {@value}. */
  static final int MOST_OWED = 1_000;

  private final @Nullable SharedLog log;
  private final String embedder;
  private final Consumer<CacheEvent> events;
  private final Deque<String> owed = new ArrayDeque<>();

  /**
   * @param log where there is none, everything counts as recorded
   */
  SharedVetoes(@Nullable SharedLog log, String embedder, Consumer<CacheEvent> events) {
    this.log = log;
    this.embedder = embedder;
    this.events = events;
  }

  /**
   * Reads what others reported, from now on. Where the log is lost, all that is known is appended
   * once more.
   *
   * @param veto takes a pair
   * @param entry takes an entry whose answer was wrong, for whatever it was served
   * @param known returns the pairs that this process knows
   */
  void follow(
      Consumer<Vetoes.Veto> veto, Consumer<ExactKey> entry, Supplier<List<Vetoes.Veto>> known) {
    if (log == null) {
      return;
    }
    log.follow(
        new SharedLog.Reader() {
          @Override
          public void read(String record, SharedLog.Writer writer) {
            LearnerSnapshot.read(record, embedder, veto, entry);
          }

          @Override
          public void lost() {
            owe(known.get());
          }
        });
  }

  private void owe(List<Vetoes.Veto> vetoes) {
    synchronized (owed) {
      for (Vetoes.Veto each : vetoes) {
        String record = LearnerSnapshot.record(embedder, each);
        if (owed.size() < Vetoes.MOST && !owed.contains(record)) {
          owed.add(record);
        }
      }
    }
  }

  /** Returns whether the others will know of it. */
  boolean report(Vetoes.Veto veto) {
    return append(LearnerSnapshot.record(embedder, veto));
  }

  /** Returns whether the others will know of it. */
  boolean report(ExactKey entry) {
    return append(LearnerSnapshot.record(entry));
  }

  private boolean append(String record) {
    if (log == null) {
      return true;
    }
    try {
      log.append(record);
      return true;
    } catch (RuntimeException e) {
      events.accept(new CacheEvent.Trouble("shared-log", e));
      synchronized (owed) {
        if (owed.size() < MOST_OWED) {
          owed.add(record);
        }
      }
      return false;
    }
  }

  /** Appends what the log did not take before. */
  void settle() {
    while (log != null) {
      @Nullable String record;
      synchronized (owed) {
        record = owed.peek();
      }
      if (record == null) {
        return;
      }
      try {
        log.append(record);
      } catch (RuntimeException e) {
        // It was told when it was reported, and is tried again.
        return;
      }
      synchronized (owed) {
        owed.remove(record);
      }
    }
  }
}
