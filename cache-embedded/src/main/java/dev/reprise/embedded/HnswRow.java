package dev.reprise.embedded;

import dev.reprise.key.Fingerprint;
import dev.reprise.tier.SemanticRow;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * A row in the process; its vector is in the {@link RowStore} of its partition. It is found from
 * {@link #publish} to {@link #retire}; both may be called while searches run, and what was retired
 * never comes back.
 */
final class HnswRow extends RowKey {
  private static final long NEVER = Long.MAX_VALUE;
  private static final long NANOSECONDS = 1_000_000_000;
  private static final AtomicLongFieldUpdater<HnswRow> RETIRED_AT =
      AtomicLongFieldUpdater.newUpdater(HnswRow.class, "retiredAt");

  private final Fingerprint fingerprint;
  private final long expiresAt;
  private volatile long retiredAt = NEVER;
  private volatile int slot;
  private volatile boolean published;

  /**
   * @param fingerprint that of {@code row}; all rows of a partition have the same object
   */
  HnswRow(SemanticRow row, Fingerprint fingerprint) {
    super(row.pointer());
    this.fingerprint = fingerprint;
    expiresAt = nanoseconds(row.expiresAt());
  }

  /** Returns the nanoseconds since 1970, and those of the year 2262 for what is later. */
  static long nanoseconds(Instant instant) {
    return instant.getEpochSecond() >= Long.MAX_VALUE / NANOSECONDS
        ? Long.MAX_VALUE
        : instant.getEpochSecond() * NANOSECONDS + instant.getNano();
  }

  Fingerprint fingerprint() {
    return fingerprint;
  }

  /** Returns when it expires, as {@link #nanoseconds} has it. */
  long expiresAt() {
    return expiresAt;
  }

  /** Returns where it is in its partition's store. */
  int slot() {
    return slot;
  }

  void slot(int taken) {
    slot = taken;
  }

  void publish() {
    published = true;
  }

  /**
   * Retires the row, unless that was done before.
   *
   * @param number the number of this retirement among all of the tier's
   * @return whether it was this call that retired the row
   */
  boolean retire(long number) {
    return RETIRED_AT.compareAndSet(this, NEVER, number);
  }

  boolean isRetired() {
    return retiredAt != NEVER;
  }

  /** Returns whether it was to be found at {@code moment}, whatever became of it since. */
  boolean isServed(Moment moment) {
    return published && retiredAt > moment.retirements() && moment.now() < expiresAt;
  }

  /**
   * When a search began. A row that is replaced while it runs is retired after its successor can be
   * found: a search that passed the one before it came, and the other after it went, would find
   * neither.
   *
   * @param now the time, as {@link #nanoseconds} has it; rows that are expired then are passed over
   * @param retirements how many rows the tier had retired
   */
  record Moment(long now, long retirements) {}
}
