package dev.reprise.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.model.Tag;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/** Uses one exact tier from several threads. Each method checks what the tier returns. */
final class ConcurrentUse {
  /** How many keys the threads share. */
  static final int KEYS = 10;

  private static final int ROUNDS = 300;

  private final ExactTier tier;
  private final FakeClock clock;

  ConcurrentUse(ExactTier tier, FakeClock clock) {
    this.tier = tier;
    this.clock = clock;
  }

  /** Returns the name of a shared key. */
  static String shared(int number) {
    return "shared" + number;
  }

  /**
   * Stores, fetches, removes and invalidates the same few keys. Each answer must fit its key.
   *
   * @return how many entries the threads fetched
   */
  int onSharedKeys(int threads, Tag tag) throws Exception {
    int seen = 0;
    for (Future<Integer> done : run(threads, () -> storeFetchAndInvalidate(tag))) {
      seen += done.get();
    }
    return seen;
  }

  private int storeFetchAndInvalidate(Tag tag) {
    int seen = 0;
    for (int i = 0; i < ROUNDS; i++) {
      String name = shared(ThreadLocalRandom.current().nextInt(KEYS));
      switch (ThreadLocalRandom.current().nextInt(12)) {
        case 0 -> tier.invalidate(tag);
        case 1 -> tier.remove(Entries.key(name));
        case 2, 3, 4 -> tier.store(Entries.builder(name, clock.now()).text(name).tags(tag).build());
        default -> {
          Optional<Entry> fetched = tier.fetch(Entries.key(name)).map(ExactTier.Fetched::entry);
          if (fetched.isPresent()) {
            assertThat(fetched.get().answer().text()).isEqualTo(name);
            seen++;
          }
        }
      }
    }
    return seen;
  }

  /** Stores and fetches short-lived entries while the clock runs. Each must be alive. */
  void whileTheClockRuns(int threads) throws Exception {
    for (Future<Boolean> done : run(threads, this::fetchesOnlyLiveEntries)) {
      assertThat(done.get()).as("only live entries").isTrue();
    }
  }

  private boolean fetchesOnlyLiveEntries() {
    for (int i = 0; i < ROUNDS; i++) {
      String name = "short" + i % 3;
      tier.store(Entries.builder(name, clock.now()).life(Duration.ofMinutes(2)).build());
      clock.advance(Duration.ofSeconds(30));
      Instant asked = clock.now();
      Optional<Entry> fetched = tier.fetch(Entries.key(name)).map(ExactTier.Fetched::entry);
      if (fetched.isPresent() && fetched.get().isExpired(asked)) {
        return false;
      }
    }
    return true;
  }

  private static <T> List<Future<T>> run(int threads, Callable<T> work)
      throws InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      return pool.invokeAll(Collections.nCopies(threads, work));
    } finally {
      pool.shutdownNow();
    }
  }
}
