package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Tag;
import dev.reprise.tier.Beginning;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.FetchResult;
import dev.reprise.tier.InstanceBoard;
import dev.reprise.tier.RemovalListener;
import dev.reprise.tier.Scan;
import dev.reprise.tier.SharedFlights;
import dev.reprise.tier.SharedLog;
import dev.reprise.tier.StoreResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * A tier that was down when something was removed from it still has it when it is back. So what could not be removed is owed:
 * it is not served from this tier any more, and is removed as soon as the tier answers again. Another process does not know of it;
 * this one does after a restart, where it has a file for it.
 */
/** An exact tier that never throws: what it cannot do is a miss. */
class GuardedExactTier implements ExactTier {
  /** So many removals are owed at most: {@value}. Beyond that, nothing stored before is served. */
  static final int OWED_REMOVALS = 10_000;

  /**
   * So far the clock of the process that stored an entry may be ahead of this one's: 5 minutes.
   * What was stored so little after a removal that is owed is not served until it was carried out,
   * which removes it, too.
   */
  static final Duration CLOCK_MARGIN = Duration.ofMinutes(5);

  private static final ExactKey PROBE = ExactKey.ofHex("0".repeat(64));

  private final ExactTier tier;
  private final TierGuard guard;
  private final Duration removalDeadline;
  private final InstantSource clock;
  private final PendingRemovals pending;
  private final Map<Tag, Instant> owedTags;
  private final Map<ExactKey, Instant> owedKeys;

  GuardedExactTier(
      ExactTier tier,
      TierGuard guard,
      Duration removalDeadline,
      InstantSource clock,
      PendingRemovals pending) {
    this.tier = tier;
    this.guard = guard;
    this.removalDeadline = removalDeadline;
    this.clock = clock;
    this.pending = pending;
    this.owedTags = pending.tags();
    this.owedKeys = pending.keys();
  }

  @Override
  public String name() {
    return tier.name();
  }

  @Override
  public DeadlineOwner deadlineOwner() {
    return DeadlineOwner.TIER;
  }

  @Override
  public Optional<Fetched> fetch(ExactKey key) {
    return tryFetch(key).asOptional();
  }

  @Override
  public FetchResult tryFetch(ExactKey key) {
    FetchResult fetched = ask(() -> tier.tryFetch(key), new FetchResult.Unavailable());
    return fetched instanceof FetchResult.Found found && isOwed(found.fetched().entry())
        ? new FetchResult.Absent()
        : fetched;
  }

  @Override
  public void store(Entry entry) {
    tryStore(entry);
  }

  @Override
  public StoreResult tryStore(Entry entry) {
    return ask(() -> tier.tryStore(entry), StoreResult.UNAVAILABLE);
  }

  @Override
  public Beginning begin() {
    return tier.begin();
  }

  @Override
  public boolean store(Entry entry, Beginning beginning) {
    return tryStore(entry, beginning) != StoreResult.REFUSED;
  }

  @Override
  public StoreResult tryStore(Entry entry, Beginning beginning) {
    return ask(() -> tier.tryStore(entry, beginning), StoreResult.UNAVAILABLE);
  }

  @Override
  public void listen(RemovalListener listener) {
    tier.listen(listener);
  }

  @Override
  public Optional<SharedLog> sharedLog(SharedLog.Topic topic) {
    return tier.sharedLog(topic);
  }

  @Override
  public Optional<InstanceBoard> instanceBoard() {
    return tier.instanceBoard();
  }

  /** Leads on its own where the tier does not answer. */
  @Override
  public Optional<SharedFlights> sharedFlights() {
    SharedFlights.Boarding alone = new SharedFlights.Leading(SharedFlights.Lease.LOCAL);
    return tier.sharedFlights()
        .map(flights -> (key, ifStored) -> ask(() -> flights.board(key, ifStored), alone));
  }

  /** Asks the tier; an answer of null counts as a failure. */
  final <T> T ask(Supplier<T> call, T fallback) {
    return guard.ask(() -> Objects.requireNonNull(call.get(), "the tier answered null"), fallback);
  }

  @Override
  public boolean remove(ExactKey key) {
    Optional<Boolean> removed =
        guard.ask(() -> Optional.of(tier.remove(key)), Optional.empty(), removalDeadline);
    if (removed.isEmpty()) {
      owe(owedKeys, now -> pending.owe(key, now));
    }
    return removed.orElse(false);
  }

  @Override
  public long invalidate(Tag tag) {
    Optional<Long> count =
        guard.ask(() -> Optional.of(tier.invalidate(tag)), Optional.empty(), removalDeadline);
    if (count.isEmpty()) {
      owe(owedTags, now -> pending.owe(tag, now));
    }
    return count.orElse(0L);
  }

  /**
   * Shows what is not owed. No deadline holds for the whole; a tier whose deadline is the engine's
   * may be silent as long as a removal may take.
   *
   * @return {@link Scan#BROKEN_OFF} where the tier failed, or is not asked
   */
  @Override
  public Scan scan(Predicate<Entry> visitor) {
    Visit visit = new Visit(entry -> isOwed(entry) || visitor.test(entry));
    Scan end = guard.walk(() -> tier.scan(visit), visit::shown, removalDeadline);
    visit.end();
    return end;
  }

  private void owe(Map<?, Instant> owed, Consumer<Instant> note) {
    Instant now = clock.instant();
    if (owed.size() < OWED_REMOVALS) {
      note.accept(now);
    } else {
      pending.oweAll(now);
    }
  }

  /** Returns whether the removal of an entry, asked for at {@code since} or later, is owed. */
  boolean owes(ExactKey key, Instant since) {
    return isOwedSince(owedKeys.get(key), since);
  }

  /** Returns whether the removal of a tag, asked for at {@code since} or later, is owed. */
  boolean owes(Tag tag, Instant since) {
    return isOwedSince(owedTags.get(tag), since);
  }

  private boolean isOwedSince(@Nullable Instant owed, Instant since) {
    Instant distrusted = pending.all();
    return (owed != null && !owed.isBefore(since))
        || (distrusted != null && !distrusted.isBefore(since));
  }

  /** Returns whether {@code entry} should have been removed. */
  private boolean isOwed(Entry entry) {
    Instant distrusted = pending.all();
    if (isBefore(entry, distrusted)) {
      return true;
    }
    if (!owedKeys.isEmpty() && isBefore(entry, owedKeys.get(entry.key()))) {
      return true;
    }
    return !owedTags.isEmpty()
        && entry.tags().stream().anyMatch(tag -> isBefore(entry, owedTags.get(tag)));
  }

  private static boolean isBefore(Entry entry, @Nullable Instant removal) {
    return removal != null && !entry.storedAt().isAfter(removal.plus(CLOCK_MARGIN));
  }

  boolean isAsked() {
    return guard.isClosed();
  }

  /**
   * Asks a tier whose circuit is open whether it answers again, and removes what is owed where it
   * does.
   */
  void probe() {
    guard.probe(() -> tier.fetch(PROBE));
    if (owedKeys.isEmpty() && owedTags.isEmpty()) {
      return;
    }
    settle(
        owedKeys,
        key -> guard.ask(() -> Optional.of(tier.remove(key)), Optional.empty(), removalDeadline));
    settle(
        owedTags,
        tag ->
            guard.ask(() -> Optional.of(tier.invalidate(tag)), Optional.empty(), removalDeadline));
    pending.settled();
  }

  private <K, R> void settle(Map<K, Instant> owed, Function<K, Optional<R>> removal) {
    for (Map.Entry<K, Instant> debt : Map.copyOf(owed).entrySet()) {
      if (!isAsked()) {
        return;
      }
      if (removal.apply(debt.getKey()).isPresent()) {
        // Not if it was owed once more meanwhile.
        owed.remove(debt.getKey(), debt.getValue());
      }
    }
  }

  @Override
  public void close() {
    tier.close();
  }
}
