package dev.reprise.milvus;

import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.Neighbour;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.SemanticTier;
import java.util.List;

/**
 * The tier as it is, but a search after a write first waits until the server has taken the write
 * in. The search itself keeps the tier's consistency.
 */
final class SettledTier implements SemanticTier {
  private final SemanticTier tier;
  private final String collection;
  private volatile boolean written;

  SettledTier(SemanticTier tier, String collection) {
    this.tier = tier;
    this.collection = collection;
  }

  // Synchronized: who finds nothing to wait for must not overtake who waits for his write.
  synchronized void settle() {
    if (written) {
      written = false;
      Server.count(collection);
    }
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
    written = true;
  }

  @Override
  public List<Neighbour> search(Fingerprint fingerprint, Vector query, int limit) {
    settle();
    return tier.search(fingerprint, query, limit);
  }

  @Override
  public void remove(ExactKey pointer) {
    tier.remove(pointer);
    written = true;
  }

  @Override
  public void sweep() {
    tier.sweep();
    written = true;
  }

  @Override
  public void close() {
    tier.close();
  }
}
