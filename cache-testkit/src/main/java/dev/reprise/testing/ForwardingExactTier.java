package dev.reprise.testing;

import dev.reprise.key.ExactKey;
import dev.reprise.model.Tag;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.Scan;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Forwards each call to another exact tier. Extend it to change one method in a test. The default
 * methods of {@link ExactTier} stay in place, so that they call what you override.
 */
public abstract class ForwardingExactTier implements ExactTier {
  private final ExactTier tier;

  /**
   * @param tier receives the calls
   */
  protected ForwardingExactTier(ExactTier tier) {
    this.tier = Objects.requireNonNull(tier, "tier");
  }

  @Override
  public String name() {
    return tier.name();
  }

  @Override
  public DeadlineOwner deadlineOwner() {
    return tier.deadlineOwner();
  }

  @Override
  public Optional<Fetched> fetch(ExactKey key) {
    return tier.fetch(key);
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
