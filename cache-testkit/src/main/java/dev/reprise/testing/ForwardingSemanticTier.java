package dev.reprise.testing;

import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.Neighbour;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.SemanticTier;
import java.util.List;
import java.util.Objects;

/** Forwards each call to another semantic tier. Extend it to change one method in a test. */
public abstract class ForwardingSemanticTier implements SemanticTier {
  private final SemanticTier tier;

  /**
   * @param tier receives the calls
   */
  protected ForwardingSemanticTier(SemanticTier tier) {
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
  public void ensureReady() {
    tier.ensureReady();
  }

  @Override
  public void store(SemanticRow row) {
    tier.store(row);
  }

  @Override
  public List<Neighbour> search(Fingerprint fingerprint, Vector query, int limit) {
    return tier.search(fingerprint, query, limit);
  }

  @Override
  public void remove(ExactKey pointer) {
    tier.remove(pointer);
  }

  @Override
  public void sweep() {
    tier.sweep();
  }

  @Override
  public void close() {
    tier.close();
  }
}
