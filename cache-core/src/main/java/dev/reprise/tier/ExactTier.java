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
   * Fetches an entry. An expired one, one of another schema version and one that cannot be read are
   * absent.
   */
  Optional<Fetched> fetch(ExactKey key);

  /**
   * Fetches an entry as {@link #fetch} does, and says whether the tier answered. Default: what
   * {@link #fetch} returns, as for a tier that throws where it does not answer.
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
   * Stores an entry as {@link #store(Entry)} does, and says whether the tier answered. Default:
   * {@link StoreResult#STORED}, as for a tier that throws where it does not answer.
   */
  default StoreResult tryStore(Entry entry) {
    store(entry);
    return StoreResult.STORED;
  }

  /**
   * Stores an entry as {@link #store(Entry, Beginning)} does, and says whether the tier answered.
   * Default: by what that returns, as for a tier that throws where it does not answer.
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
   * Shows {@code visitor} every live entry, in no order, until it returns false. An entry that is
   * stored, removed or replaced during the walk may be visited or not. Where a server moves its
   * entries, one may be visited twice. It takes as long as there are many: a deadline, where the
   * tier owns it, holds for each page of entries, not for the whole.
   *
   * @param visitor is called on this thread, and throws what it likes
   * @return {@link Scan#COMPLETE} or {@link Scan#STOPPED}
   * @throws TierException if the walk broke off; entries are missing then
   */
  Scan scan(Predicate<Entry> visitor);

  /** Gives up threads and connections. Entries in the process are lost. */
  @Override
  void close();

  /**
   * An entry and where it was.
   *
   * @param entry not expired
   * @param tier the name of the tier that held it
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
   * Returns a tier that looks into {@code near} first and then into {@code far}. What {@code far}
   * holds is copied to {@code near} with the same expiry, so that it never lives longer there; it
   * is stored in {@code far} before {@code near}, and removed from both. If {@code far} fails, what
   * {@code near} holds is served, and it is stored in and removed from {@code near} all the same. A
   * scan shows what {@code far} holds.
   *
   * <p>Where {@code far} tells what other processes remove (see {@link #listen}), {@code near}
   * drops it, too; while {@code far} cannot tell, {@code near} is soon not asked any more.
   *
   * @param maximumNearStay longer than zero; an entry is dropped from {@code near} so long after it
   *     came there, and so long at most is served in this process what another one has removed
   *     where {@code far} does not tell
   */
  static ExactTier stacked(NearTier near, ExactTier far, Duration maximumNearStay) {
    Objects.requireNonNull(near, "near");
    Objects.requireNonNull(far, "far");
    Objects.requireNonNull(maximumNearStay, "maximumNearStay");
    return new StackedExactTier(near, far, maximumNearStay);
  }
}
