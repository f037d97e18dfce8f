package dev.reprise.embedded;

import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.model.Similarity;
import dev.reprise.tier.SemanticRow;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A row in the process. It is found from {@link #publish} to {@link #retire}; both may be called
 * while searches run, and what was retired never comes back.
 */
final class HnswRow {
  private static final long NEVER = Long.MAX_VALUE;

  private final ExactKey pointer;
  private final Fingerprint fingerprint;
  private final float[] components;
  private final VectorFloat<?> vector;
  private final Instant expiresAt;
  private final AtomicLong retiredAt = new AtomicLong(NEVER);
  private volatile boolean published;

  HnswRow(SemanticRow row) {
    pointer = row.pointer();
    fingerprint = row.fingerprint();
    components = row.vector().toArray();
    vector = vectorOf(components);
    expiresAt = row.expiresAt();
  }

  /** Returns {@code components} as the library wants them; they are not copied. */
  static VectorFloat<?> vectorOf(float[] components) {
    return VectorizationProvider.getInstance().getVectorTypeSupport().createFloatVector(components);
  }

  ExactKey pointer() {
    return pointer;
  }

  Fingerprint fingerprint() {
    return fingerprint;
  }

  /** Returns the vector's components; they are not copied. */
  float[] components() {
    return components;
  }

  VectorFloat<?> vector() {
    return vector;
  }

  Instant expiresAt() {
    return expiresAt;
  }

  void publish() {
    published = true;
  }

  /**
   * Retires the row, unless that was done before.
   *
   * @param number the number of this retirement among all of the tier's
   * @return whether it was this call that retired the row
   */
  boolean retire(long number) {
    return retiredAt.compareAndSet(NEVER, number);
  }

  boolean isRetired() {
    return retiredAt.get() != NEVER;
  }

  /** Returns whether it was to be found at {@code moment}, whatever became of it since. */
  boolean isServed(Moment moment) {
    return published && retiredAt.get() > moment.retirements() && moment.now().isBefore(expiresAt);
  }

  /**
   * When a search began. A row that is replaced while it runs is retired after its successor can be
   * found: a search that passed the one before it came, and the other after it went, would find
   * neither.
   *
   * @param now the time; rows that are expired then are passed over
   * @param retirements how many rows the tier had retired
   */
  record Moment(Instant now, long retirements) {}

  Similarity similarity(float[] query) {
    double dot = 0;
    for (int i = 0; i < query.length; i++) {
      dot += (double) query[i] * components[i];
    }
    return new Similarity(dot);
  }
}
