package dev.reprise.tier;

import dev.reprise.key.ExactKey;
import dev.reprise.testing.ExactTierContract;
import dev.reprise.testing.FakeClock;
import dev.reprise.testing.ForwardingExactTier;
import java.util.Optional;

/** Both levels together keep the contract of one. */
class StackedExactTierContractTest extends ExactTierContract {
  @Override
  protected ExactTier createTier(FakeClock clock) {
    return new Relabelled(
        ExactTier.stacked(
            CaffeineExactTier.builder().clock(clock).build(),
            CaffeineExactTier.builder().clock(clock).build()));
  }

  /** Says its own name, where the stack says which of the two had it. */
  private static final class Relabelled extends ForwardingExactTier {
    Relabelled(ExactTier tier) {
      super(tier);
    }

    @Override
    public Optional<Fetched> fetch(ExactKey key) {
      return super.fetch(key).map(fetched -> new Fetched(fetched.entry(), name()));
    }
  }
}
