package dev.reprise.milvus;

import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.testing.ForwardingSemanticTier;
import dev.reprise.tier.Neighbour;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.SemanticTier;
import java.util.List;

/**
 * The tier as it is, but a search after a write first waits until the server has taken the write
 * in. The search itself keeps the tier's consistency.
 */
final class SettledTier extends ForwardingSemanticTier {
  private final String collection;
  private volatile boolean written;

  SettledTier(SemanticTier tier, String collection) {
    super(tier);
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
  public void store(SemanticRow row) {
    super.store(row);
    written = true;
  }

  @Override
  public List<Neighbour> search(Fingerprint fingerprint, Vector query, int limit) {
    settle();
    return super.search(fingerprint, query, limit);
  }

  @Override
  public void remove(ExactKey pointer) {
    super.remove(pointer);
    written = true;
  }

  @Override
  public void sweep() {
    super.sweep();
    written = true;
  }
}
