package dev.reprise.gateway;

import dev.reprise.embed.Vector;
import dev.reprise.embedded.HnswSemanticTier;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.tier.Neighbour;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.SemanticTier;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The embedded semantic tier, which tells how many rows came to it: they come behind the answer.
 */
final class CountedTier implements SemanticTier {
  private final SemanticTier tier;
  private final AtomicInteger stored = new AtomicInteger();

  CountedTier(int dimension) {
    this.tier = HnswSemanticTier.builder(dimension).build();
    tier.ensureReady();
  }

  int stored() {
    return stored.get();
  }

  @Override
  public String name() {
    return tier.name();
  }

  @Override
  public void ensureReady() {
    tier.ensureReady();
  }

  @Override
  public void store(SemanticRow row) {
    tier.store(row);
    stored.incrementAndGet();
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
