package dev.reprise.testing;

import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.model.Similarity;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.Neighbour;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.SemanticTier;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A semantic tier with a fault that the test sets, in front of a working one. */
public final class FaultySemanticTier implements SemanticTier {
  private final SemanticTier tier;
  private final DeadlineOwner owner;
  private final AtomicInteger searches = new AtomicInteger();
  private final AtomicInteger writes = new AtomicInteger();
  private volatile Fault fault = Fault.NONE;

  public FaultySemanticTier(SemanticTier tier, DeadlineOwner owner) {
    this.tier = tier;
    this.owner = owner;
  }

  /** Sets what is wrong from now on. */
  public FaultySemanticTier fault(Fault fault) {
    this.fault = fault;
    return this;
  }

  /** Returns how often it was searched. */
  public int searches() {
    return searches.get();
  }

  /** Returns how often it was written to. */
  public int writes() {
    return writes.get();
  }

  @Override
  public String name() {
    return tier.name();
  }

  @Override
  public DeadlineOwner deadlineOwner() {
    return owner;
  }

  @Override
  public void ensureReady() {
    tier.ensureReady();
  }

  @Override
  public void store(SemanticRow row) {
    write();
    tier.store(row);
  }

  @Override
  public List<Neighbour> search(Fingerprint fingerprint, Vector query, int limit) {
    searches.incrementAndGet();
    FaultyExactTier.misbehave(fault, name());
    return switch (fault) {
      case EMPTY -> List.of();
      case NULL -> null;
      case WRONG ->
          tier.search(fingerprint, query, limit).stream()
              .map(
                  row ->
                      new Neighbour(
                          row.pointer(), Entries.fingerprint("another"), row.similarity()))
              .toList();
      case STALE -> List.of(new Neighbour(Entries.key("nowhere"), fingerprint, new Similarity(1)));
      default -> tier.search(fingerprint, query, limit);
    };
  }

  @Override
  public void remove(ExactKey pointer) {
    write();
    tier.remove(pointer);
  }

  @Override
  public void sweep() {
    write();
    tier.sweep();
  }

  @Override
  public void close() {
    tier.close();
  }

  private void write() {
    writes.incrementAndGet();
    FaultyExactTier.misbehave(fault, name());
  }
}
