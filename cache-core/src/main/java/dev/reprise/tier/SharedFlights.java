package dev.reprise.tier;

import dev.reprise.key.ExactKey;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Coalesces equal requests of several processes that share a tier. One process leads and calls the
 * upstream. The others wait for the answer that it stores. Safe for use by several threads.
 */
public interface SharedFlights {
  /**
   * Asks for the lead of {@code key}. Takes one round trip.
   *
   * @param ifStored what an entry that the tier holds already means
   * @throws TierException if the server did not answer
   */
  Boarding board(ExactKey key, IfStored ifStored);

  /** What happens if the entry is already stored. */
  enum IfStored {
    /** Returns {@link Stored}, and no process becomes the leader. */
    RETURN,
    /** It is ignored, since the request cannot use it. */
    IGNORE
  }

  /** The answer to a process that asks for the lead. */
  sealed interface Boarding {}

  /**
   * This process leads. It calls the upstream, and ends the lease.
   *
   * @param lease is held until it is ended, or until this process dies
   */
  record Leading(Lease lease) implements Boarding {
    public Leading {
      Objects.requireNonNull(lease, "lease");
    }
  }

  /**
   * Another process leads.
   *
   * @param ending completed when the leader reports how its call ended. Cancel it to stop waiting.
   * @param patience the time after which to ask for the lead again, since the leader may have died
   */
  record Following(CompletableFuture<Ending> ending, Duration patience) implements Boarding {
    public Following {
      Objects.requireNonNull(ending, "ending");
      Objects.requireNonNull(patience, "patience");
    }
  }

  /** The tier holds an entry with the key. */
  record Stored() implements Boarding {}

  /** How the leader's flight ended. */
  enum Ending {
    /** The answer is stored: look it up. */
    STORED,
    /** There is an answer or a failure, and nothing is stored: call the upstream yourself. */
    NOT_STORED,
    /** The leader gave up before there was an answer: ask for the lead. */
    ABANDONED
  }

  /** The right to lead. */
  @FunctionalInterface
  interface Lease {
    /** A lease that no other process sees. */
    Lease LOCAL = ending -> {};

    /** Ends the lease and tells those who wait, in the background. The first call counts. */
    void end(Ending ending);
  }
}
