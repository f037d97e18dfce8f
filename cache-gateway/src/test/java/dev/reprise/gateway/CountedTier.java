package dev.reprise.gateway;

import dev.reprise.embedded.HnswSemanticTier;
import dev.reprise.testing.ForwardingSemanticTier;
import dev.reprise.tier.SemanticRow;
import java.util.concurrent.atomic.AtomicInteger;

/** The embedded semantic tier. It counts the rows that it stores, which arrive after the answer. */
final class CountedTier extends ForwardingSemanticTier {
  private final AtomicInteger stored = new AtomicInteger();

  CountedTier(int dimension) {
    super(HnswSemanticTier.builder(dimension).build());
    ensureReady();
  }

  int stored() {
    return stored.get();
  }

  @Override
  public void store(SemanticRow row) {
    super.store(row);
    stored.incrementAndGet();
  }
}
