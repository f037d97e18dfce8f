package dev.reprise.engine;

import dev.reprise.tier.Entry;
import dev.reprise.tier.NearTier;
import dev.reprise.tier.StoreResult;
import java.time.Duration;
import java.time.InstantSource;

/** A near tier that never throws. */
final class GuardedNearTier extends GuardedExactTier implements NearTier {
  private final NearTier tier;

  GuardedNearTier(NearTier tier, TierGuard guard, Duration removalDeadline, InstantSource clock) {
    super(
        tier,
        guard,
        removalDeadline,
        clock,
        new PendingRemovals(null, clock.instant(), event -> {}));
    this.tier = tier;
  }

  @Override
  public void clear() {
    ask(
        () -> {
          tier.clear();
          return true;
        },
        false);
  }

  @Override
  public void store(Entry entry, Duration maximumStay) {
    tryStore(entry, maximumStay);
  }

  @Override
  public StoreResult tryStore(Entry entry, Duration maximumStay) {
    return ask(() -> tier.tryStore(entry, maximumStay), StoreResult.UNAVAILABLE);
  }
}
