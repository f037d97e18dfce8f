package dev.reprise.testing;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Tag;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.Entry;
import dev.reprise.tier.NearTier;
import dev.reprise.tier.Scan;
import dev.reprise.tier.SharedFlights;
import dev.reprise.tier.TierException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** An exact tier with a fault that the test sets, in front of a working one. */
public final class FaultyExactTier implements NearTier {
  /** How long a slow tier takes: far longer than any test, so that none ever waits for it. */
  public static final Duration SLEEP = Duration.ofMinutes(5);

  private final NearTier tier;
  private final DeadlineOwner owner;
  private final AtomicInteger calls = new AtomicInteger();
  private volatile Optional<SharedFlights> flights = Optional.empty();
  private volatile Fault fault = Fault.NONE;
  private volatile Map<ExactKey, Fault> faultyKeys = Map.of();

  public FaultyExactTier(NearTier tier, DeadlineOwner owner) {
    this.tier = tier;
    this.owner = owner;
  }

  /** Sets what coalesces the requests of several processes. Default: nothing. */
  public FaultyExactTier flights(SharedFlights flights) {
    this.flights = Optional.of(flights);
    return this;
  }

  @Override
  public Optional<SharedFlights> sharedFlights() {
    return flights;
  }

  /** Sets what is wrong from now on. */
  public FaultyExactTier fault(Fault fault) {
    this.fault = fault;
    this.faultyKeys = Map.of();
    return this;
  }

  /** Sets what is wrong from now on when {@code key} is fetched; nothing else is wrong. */
  public FaultyExactTier faultAt(ExactKey key, Fault fault) {
    this.fault = Fault.NONE;
    this.faultyKeys = Map.of(key, fault);
    return this;
  }

  /** Returns how often it was asked for anything. */
  public int calls() {
    return calls.get();
  }

  @Override
  public String name() {
    return tier.name();
  }

  @Override
  public DeadlineOwner deadlineOwner() {
    return owner;
  }

  @Override
  @SuppressWarnings("NullOptional") // A null is one of the faults.
  public Optional<Fetched> fetch(ExactKey key) {
    Fault here = faultyKeys.getOrDefault(key, fault);
    calls.incrementAndGet();
    misbehave(here, name());
    return switch (here) {
      case EMPTY -> Optional.empty();
      case NULL -> null;
      case WRONG -> Optional.of(new Fetched(Entries.entry("another", FakeClock.START), name()));
      case STALE -> Optional.of(new Fetched(expired(key), name()));
      default -> tier.fetch(key);
    };
  }

  private static Entry expired(ExactKey key) {
    Entry entry = Entries.entry("stale", Instant.EPOCH);
    return new Entry(
        key,
        entry.question(),
        entry.answer(),
        entry.upstreamTime(),
        entry.model(),
        entry.storedAt(),
        entry.expiresAt(),
        entry.tags());
  }

  @Override
  public void store(Entry entry) {
    misbehave();
    tier.store(entry);
  }

  @Override
  public void store(Entry entry, Duration maximumStay) {
    misbehave();
    tier.store(entry, maximumStay);
  }

  @Override
  public boolean remove(ExactKey key) {
    misbehave();
    return tier.remove(key);
  }

  @Override
  public long invalidate(Tag tag) {
    misbehave();
    return tier.invalidate(tag);
  }

  @Override
  public Scan scan(Predicate<Entry> visitor) {
    misbehave();
    return tier.scan(visitor);
  }

  @Override
  public void close() {
    tier.close();
  }

  private void misbehave() {
    calls.incrementAndGet();
    misbehave(fault, name());
  }

  static void misbehave(Fault fault, String tier) {
    switch (fault) {
      case SLOW -> {
        try {
          Thread.sleep(SLEEP.toMillis());
        } catch (InterruptedException e) {
          throw new TierException(tier, "was interrupted", e);
        }
      }
      case THROWS -> throw new TierException(tier, "is told to throw");
      case DIES -> throw new AssertionError("tier " + tier + " is told to die");
      default -> {}
    }
  }
}
