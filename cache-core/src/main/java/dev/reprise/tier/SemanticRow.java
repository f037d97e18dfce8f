package dev.reprise.tier;

import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import java.time.Instant;
import java.util.Objects;

/**
 * A row of a semantic tier. It points to an entry of the exact tier.
 *
 * @param pointer the entry's key in the exact tier
 * @param fingerprint everything but the question; it must be equal for a match
 * @param vector the question's embedding
 * @param expiresAt when the entry expires
 */
public record SemanticRow(
    ExactKey pointer, Fingerprint fingerprint, Vector vector, Instant expiresAt) {
  public SemanticRow {
    Objects.requireNonNull(pointer, "pointer");
    Objects.requireNonNull(fingerprint, "fingerprint");
    Objects.requireNonNull(vector, "vector");
    Objects.requireNonNull(expiresAt, "expiresAt");
  }
}
