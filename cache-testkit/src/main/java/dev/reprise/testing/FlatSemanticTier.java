package dev.reprise.testing;

import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.model.internal.Checks;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.Neighbour;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.SemanticTier;
import dev.reprise.tier.TierException;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The semantic tier that cannot be wrong: it compares every row. The oracle of the contract. */
public final class FlatSemanticTier implements SemanticTier {
  private final Map<ExactKey, SemanticRow> rows = new ConcurrentHashMap<>();
  private final int dimension;
  private final InstantSource clock;
  private volatile boolean closed;

  public FlatSemanticTier(int dimension, InstantSource clock) {
    this.dimension = dimension;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "flat";
  }

  @Override
  public DeadlineOwner deadlineOwner() {
    return DeadlineOwner.TIER;
  }

  @Override
  public void ensureReady() {}

  @Override
  public void store(SemanticRow row) {
    check(row.vector());
    if (clock.instant().isBefore(row.expiresAt())) {
      rows.put(row.pointer(), row);
    }
  }

  @Override
  public List<Neighbour> search(Fingerprint fingerprint, Vector query, int limit) {
    check(query);
    Checks.inRange("limit", limit, 1, 100);
    return rows.values().stream()
        .filter(row -> row.fingerprint().equals(fingerprint))
        .filter(row -> clock.instant().isBefore(row.expiresAt()))
        .map(row -> new Neighbour(row.pointer(), row.fingerprint(), query.similarity(row.vector())))
        .sorted(Comparator.comparing(Neighbour::similarity).reversed())
        .limit(limit)
        .toList();
  }

  @Override
  public void remove(ExactKey pointer) {
    rows.remove(pointer);
  }

  @Override
  public void sweep() {
    rows.values().removeIf(row -> !clock.instant().isBefore(row.expiresAt()));
  }

  @Override
  public void close() {
    closed = true;
    rows.clear();
  }

  private void check(Vector vector) {
    if (closed) {
      throw new TierException(name(), "is closed");
    }
    if (vector.dimension() != dimension) {
      throw new TierException(name(), "dimension " + vector.dimension() + ", not " + dimension);
    }
  }
}
