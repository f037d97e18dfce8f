package dev.reprise.tier;

import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.model.Similarity;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A row in the process. It is found from {@link #publish} to {@link #retire}; both may be called
 * while searches run, and what was retired never comes back.
 */
final class HnswRow {
  private enum State {
    ARRIVING,
    SERVED,
    RETIRED
  }

  private final ExactKey pointer;
  private final Fingerprint fingerprint;
  private final float[] components;
  private final VectorFloat<?> vector;
  private final Instant expiresAt;
  private final AtomicReference<State> state = new AtomicReference<>(State.ARRIVING);

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

  VectorFloat<?> vector() {
    return vector;
  }

  Instant expiresAt() {
    return expiresAt;
  }

  void publish() {
    state.compareAndSet(State.ARRIVING, State.SERVED);
  }

  /** Returns whether it was this call that retired the row. */
  boolean retire() {
    return state.getAndSet(State.RETIRED) != State.RETIRED;
  }

  boolean isRetired() {
    return state.get() == State.RETIRED;
  }

  boolean isServed(Instant now) {
    return state.get() == State.SERVED && now.isBefore(expiresAt);
  }

  Similarity similarity(float[] query) {
    double dot = 0;
    for (int i = 0; i < query.length; i++) {
      dot += (double) query[i] * components[i];
    }
    return new Similarity(dot);
  }
}
