package dev.reprise.engine;

import dev.reprise.tier.Entry;
import dev.reprise.tier.NearTier;
import java.time.Duration;

/** A near tier that never throws. */
final class GuardedNearTier extends GuardedExactTier implements NearTier {
  private final NearTier tier;
  private final TierGuard guard;

  GuardedNearTier(NearTier tier, TierGuard guard) {
    super(tier, guard);
    this.tier = tier;
    this.guard = guard;
  }

  @Override
  public void store(Entry entry, Duration maximumStay) {
    guard.ask(
        () -> {
          tier.store(entry, maximumStay);
          return true;
        },
        false);
  }
}
