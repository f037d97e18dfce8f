package dev.reprise.tier;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Tag;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Holds answers under their exact keys. Owns payload, expiry and invalidation. Safe for use by
 * several threads.
 *
 * <p>Every method but {@link #name}, {@link #deadlineOwner} and {@link #close} may throw {@link
 * TierException}; the engine turns it into a miss. An implementation passes {@code
 * ExactTierContract}.
 */
public interface ExactTier extends AutoCloseable {

  /** Returns what events and counters call it: "memory", "redis". */
  String name();

  /** Returns whether the engine or the tier enforces the deadline of a call. */
  default DeadlineOwner deadlineOwner() {
    return DeadlineOwner.ENGINE;
  }

  /**
   * Fetches an entry. Returns empty for an expired or unreadable entry, and for one of another
   * schema version.
   */
  Optional<Fetched> fetch(ExactKey key);

  /**
   * Fetches an entry like {@link #fetch}, and returns whether the tier answered. Default: the
   * result of {@link #fetch}, which throws if the tier does not answer.
   */
  default FetchResult tryFetch(ExactKey key) {
    return FetchResult.of(fetch(key));
  }

  /**
   * Stores an entry until it expires, in place of the one with the same key. An expired one is not
   * stored.
   */
  void store(Entry entry);

  /**
   * Returns the present moment. Call it before the upstream call, and pass the result to {@link
   * #store(Entry, Beginning)} with the answer. It costs no I/O. Default: {@link Beginning#LOCAL}.
   */
  default Beginning begin() {
    return Beginning.LOCAL;
  }

  /**
   * Stores an entry as {@link #store(Entry)} does, unless one of its tags was invalidated after
   * {@code beginning}: its answer may be based on outdated content. A tier that several processes
   * share looks at the invalidations of all of them. Default: stores it.
   *
   * @return false if it was not stored for that reason
   */
  default boolean store(Entry entry, Beginning beginning) {
    store(entry);
    return true;
  }

  /**
   * Stores an entry like {@link #store(Entry)}, and returns whether the tier answered. Default:
   * {@link StoreResult#STORED}, for a tier that throws if it does not answer.
   */
  default StoreResult tryStore(Entry entry) {
    store(entry);
    return StoreResult.STORED;
  }

  /**
   * Stores an entry like {@link #store(Entry, Beginning)}, and returns whether the tier answered.
   * Default: from the result of that method, for a tier that throws if it does not answer.
   */
  default StoreResult tryStore(Entry entry, Beginning beginning) {
    return store(entry, beginning) ? StoreResult.STORED : StoreResult.REFUSED;
  }

  /**
   * Registers a listener for removals by other processes. Default: does nothing, as for a tier that
   * no other process shares. It ends when the tier is closed.
   */
  default void listen(RemovalListener listener) {}

  /**
   * Returns the log on a topic that the processes which share this tier keep together. Default:
   * empty, as for a tier that no other process shares.
   */
  default Optional<SharedLog> sharedLog(SharedLog.Topic topic) {
    return Optional.empty();
  }

  /**
   * Returns what coalesces equal requests of the processes that share this tier. Default: empty, as
   * for a tier that no other process shares.
   */
  default Optional<SharedFlights> sharedFlights() {
    return Optional.empty();
  }

  /**
   * Returns the board on which the processes that share this tier publish texts. Default: empty, as
   * for a tier that no other process shares.
   */
  default Optional<InstanceBoard> instanceBoard() {
    return Optional.empty();
  }

  /** Removes an entry. Returns whether there was one. */
  boolean remove(ExactKey key);

  /**
   * Removes every entry that has {@code tag}, without looking at the others. Returns how many there
   * were.
   */
  long invalidate(Tag tag);

  /**
   * Passes every live entry to {@code visitor}, in no order, until it returns false. An entry that
   * is stored, removed or replaced during the scan may be visited or not. If a server moves its
   * entries, one may be visited twice. A tier's own deadline holds for each page of entries, not
   * for the whole scan.
   *
   * @param visitor called on this thread; its exceptions reach the caller
   * @return {@link Scan#COMPLETE} or {@link Scan#STOPPED}
   * @throws TierException if the scan failed on the way; entries are missing then
   */
  Scan scan(Predicate<Entry> visitor);

  /** Gives up threads and connections. Entries in the process are lost. */
  @Override
  void close();

  /**
   * An entry and its tier.
   *
   * @param entry not expired
   * @param tier the name of the tier with the entry
   */
  record Fetched(Entry entry, String tier) {}

  /** The default longest stay in the nearer of two stacked tiers: one minute. */
  Duration DEFAULT_MAXIMUM_NEAR_STAY = Duration.ofMinutes(1);

  /**
   * Returns {@link #stacked(NearTier, ExactTier, Duration)} with {@link
   * #DEFAULT_MAXIMUM_NEAR_STAY}.
   */
  static ExactTier stacked(NearTier near, ExactTier far) {
    return stacked(near, far, DEFAULT_MAXIMUM_NEAR_STAY);
  }

  /**
   * Returns a tier that fetches from {@code near} first and then from {@code far}. A hit in {@code
   * far} is copied to {@code near} with the same expiry. Entries are stored in {@code far} before
   * {@code near}, and removed from both. If {@code far} fails, {@code near} goes on alone. A scan
   * reads {@code far}.
   *
   * <p>If {@code far} reports the removals of other processes (see {@link #listen}), {@code near}
   * drops these entries, too. While {@code far} cannot report them, {@code near} soon serves
   * nothing.
   *
   * @param maximumNearStay how long an entry stays in {@code near}, longer than zero. If {@code
   *     far} does not report removals, a removed entry may be served that long
   */
  static ExactTier stacked(NearTier near, ExactTier far, Duration maximumNearStay) {
    Objects.requireNonNull(near, "near");
    Objects.requireNonNull(far, "far");
    Objects.requireNonNull(maximumNearStay, "maximumNearStay");
    return new StackedExactTier(near, far, maximumNearStay);
  }
}
