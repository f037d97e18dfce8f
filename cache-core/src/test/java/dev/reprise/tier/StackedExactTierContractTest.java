package dev.reprise.tier;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Tag;
import dev.reprise.testing.ExactTierContract;
import dev.reprise.testing.FakeClock;
import java.util.Optional;
import java.util.function.Predicate;

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
  private record Relabelled(ExactTier tier) implements ExactTier {
    @Override
    public String name() {
      return tier.name();
    }

    @Override
    public Optional<Fetched> fetch(ExactKey key) {
      return tier.fetch(key).map(fetched -> new Fetched(fetched.entry(), name()));
    }

    @Override
    public void store(Entry entry) {
      tier.store(entry);
    }

    @Override
    public boolean remove(ExactKey key) {
      return tier.remove(key);
    }

    @Override
    public long invalidate(Tag tag) {
      return tier.invalidate(tag);
    }

    @Override
    public Scan scan(Predicate<Entry> visitor) {
      return tier.scan(visitor);
    }

    @Override
    public void close() {
      tier.close();
    }
  }
}
