package dev.reprise.engine;

import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.tier.Neighbour;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.SemanticTier;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A semantic tier that never throws: what it cannot do is a miss. */
final class GuardedSemanticTier {
  private static final Fingerprint PROBE = Fingerprint.ofHex("0".repeat(64));

  private final SemanticTier tier;
  private final TierGuard reads;
  private final TierGuard writes;
  private final WriteBehind writeBehind;

  GuardedSemanticTier(
      SemanticTier tier, TierGuard reads, TierGuard writes, WriteBehind writeBehind) {
    this.tier = tier;
    this.writeBehind = writeBehind;
    this.reads = reads;
    this.writes = writes;
  }

  boolean isAsked() {
    return reads.isClosed();
  }

  boolean isWritable() {
    return writes.isClosed();
  }

  /** Returns the nearest rows; empty where the tier did not answer. */
  Optional<List<Neighbour>> search(Fingerprint fingerprint, Vector query, int limit) {
    // Copied, so that a list with nulls or one that is too long fails in here.
    return reads.ask(
        () ->
            Optional.of(
                tier.search(fingerprint, query, limit).stream()
                    .limit(limit)
                    .map(Objects::requireNonNull)
                    .toList()),
        Optional.empty());
  }

  /** Stores {@code row}. Returns whether that went well. */
  boolean store(SemanticRow row) {
    return writes.ask(
        () -> {
          tier.store(row);
          return true;
        },
        false);
  }

  /**
   * Removes a row in the background: a pointer to an entry that is gone. Forgotten where the queue
   * is full; it expires.
   */
  void removeLater(ExactKey pointer) {
    writeBehind.offer(
        () ->
            writes.ask(
                () -> {
                  tier.remove(pointer);
                  return true;
                },
                false));
  }

  void sweep() {
    writes.ask(
        () -> {
          tier.sweep();
          return true;
        },
        false);
  }

  void probe(int dimension) {
    float[] anywhere = new float[dimension];
    anywhere[0] = 1;
    Vector query = Vector.normalized(anywhere);
    reads.probe(() -> tier.search(PROBE, query, 1));
    writes.probe(() -> tier.search(PROBE, query, 1));
  }

  void close() {
    tier.close();
  }
}
