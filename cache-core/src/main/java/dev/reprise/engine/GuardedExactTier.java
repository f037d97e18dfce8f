package dev.reprise.engine;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Tag;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import java.util.Optional;

/** An exact tier that never throws: what it cannot do is a miss. */
final class GuardedExactTier implements ExactTier {
  private static final ExactKey PROBE = ExactKey.ofHex("0".repeat(64));

  private final ExactTier tier;
  private final TierGuard guard;

  GuardedExactTier(ExactTier tier, TierGuard guard) {
    this.tier = tier;
    this.guard = guard;
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
    return guard.ask(() -> tier.fetch(key), Optional.empty());
  }

  @Override
  public void store(Entry entry) {
    guard.ask(
        () -> {
          tier.store(entry);
          return true;
        },
        false);
  }

  @Override
  public boolean remove(ExactKey key) {
    return guard.ask(() -> tier.remove(key), false);
  }

  @Override
  public long invalidate(Tag tag) {
    return guard.ask(() -> tier.invalidate(tag), 0L);
  }

  void probe() {
    guard.probe(() -> tier.fetch(PROBE));
  }

  @Override
  public void close() {
    tier.close();
  }
}
