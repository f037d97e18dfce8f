package dev.reprise.tier;

import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import java.time.Instant;
import java.util.Objects;

/**
 * What a semantic tier holds of a stored answer.
 *
 * @param pointer the entry's key in the exact tier
 * @param fingerprint what must be equal
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
