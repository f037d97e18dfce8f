package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Tag;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.NearTier;
import dev.reprise.tier.SemanticTier;
import dev.reprise.tier.SharedFlights;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine's tiers, each behind a guard, and their upkeep. */
final class EngineTiers {
  private static final Logger LOG = LoggerFactory.getLogger(CacheEngine.class);

  /** What the circuit of the semantic tier's writes is called, behind the tier's name. */
  private static final String WRITES = "-writes";

  private final Duration tierDeadline;
  private final Duration writeDeadline;
  private final InstantSource clock;
  private final LongSupplier nanoseconds;
  private final EngineThreads threads;
  private final EventHub events;
  private final List<GuardedExactTier> guardedExact = new ArrayList<>();
  private final PendingRemovals pending;
  private final ExactTier exact;
  private final @Nullable SharedFlights sharedFlights;
  private final @Nullable GuardedSemanticTier semantic;
  private final int dimension;

  EngineTiers(
      CacheEngineBuilder<?> options,
      EngineThreads threads,
      EventHub events,
      WriteBehind writeBehind) {
    this.tierDeadline = options.tierDeadline;
    this.writeDeadline = options.writeDeadline;
    this.clock = options.clock;
    this.nanoseconds = options.nanoseconds;
    this.threads = threads;
    this.events = events;
    this.pending =
        new PendingRemovals(options.pendingRemovals, options.clock.instant(), events::emit);
    this.exact = exact(options);
    this.sharedFlights =
        options.coalescing == Coalescing.ACROSS_INSTANCES
            ? exact.sharedFlights().orElse(null)
            : null;
    SemanticTier tier = options.semanticTier;
    this.semantic =
        tier == null
            ? null
            : new GuardedSemanticTier(
                tier,
                guard(tier.name(), tier.deadlineOwner(), tierDeadline),
                guard(tier.name() + WRITES, tier.deadlineOwner(), writeDeadline),
                writeBehind);
    this.dimension = options.embedder == null ? 0 : options.embedder.dimension();
  }

  private ExactTier exact(CacheEngineBuilder<?> options) {
    NearTier near = options.nearTier;
    ExactTier tier = options.exactTier;
    if (near != null && tier != null) {
      return ExactTier.stacked(
          guarded(new GuardedNearTier(near, guard(near), writeDeadline, clock)),
          guarded(new GuardedExactTier(tier, guard(tier), writeDeadline, clock, pending)),
          options.maximumNearStay);
    }
    ExactTier only = tier != null ? tier : CaffeineExactTier.builder().clock(clock).build();
    return guarded(new GuardedExactTier(only, guard(only), writeDeadline, clock, pending));
  }

  private <T extends GuardedExactTier> T guarded(T tier) {
    guardedExact.add(tier);
    return tier;
  }

  private TierGuard guard(ExactTier tier) {
    return guard(tier.name(), tier.deadlineOwner(), tierDeadline);
  }

  private TierGuard guard(String name, DeadlineOwner owner, Duration deadline) {
    return new TierGuard(name, owner, deadline, threads.tierCalls(), nanoseconds, events::emit);
  }

  /** Returns the exact tier, or both, stacked. */
  ExactTier exact() {
    return exact;
  }

  /**
   * Returns what coalesces requests of several engines; null where engines do not share flights.
   */
  @Nullable SharedFlights sharedFlights() {
    return sharedFlights;
  }

  /** Returns whether every exact tier is asked: the circuit of none is open. */
  boolean isExactAsked() {
    return guardedExact.stream().allMatch(GuardedExactTier::isAsked);
  }

  /** Returns the semantic tier, if there is one. */
  @Nullable GuardedSemanticTier semantic() {
    return semantic;
  }

  /** Returns whether a removal that a tier owes outlives this process. */
  boolean isPendingDurable() {
    return pending.isDurable();
  }

  /** Returns whether a tier owes the removal of an entry, asked for at {@code since} or later. */
  boolean owes(ExactKey key, Instant since) {
    return guardedExact.stream().anyMatch(tier -> tier.owes(key, since));
  }

  /** Returns whether a tier owes the removal of a tag, asked for at {@code since} or later. */
  boolean owes(Tag tag, Instant since) {
    return guardedExact.stream().anyMatch(tier -> tier.owes(tag, since));
  }

  /** Removes one entry and its row. Returns whether there was one. */
  boolean remove(ExactKey key) {
    boolean was = exact.remove(key);
    if (semantic != null) {
      semantic.removeLater(key);
    }
    return was;
  }

  /** Asks the tiers whose circuit is open whether they answer again. */
  void probe() {
    guardedExact.forEach(GuardedExactTier::probe);
    if (semantic != null && dimension > 0) {
      semantic.probe(dimension);
    }
  }

  void sweep() {
    if (semantic != null) {
      semantic.sweep();
    }
  }

  void close() {
    guardedExact.forEach(tier -> quietly(tier::close));
    if (semantic != null) {
      quietly(semantic::close);
    }
  }

  static void quietly(Runnable close) {
    try {
      close.run();
    } catch (Throwable e) {
      LOG.warn("A part of the cache could not be closed", e);
    }
  }
}
