package dev.reprise.key;

import dev.reprise.model.ContentHash;
import java.util.Objects;

/**
 * The SHA-256 over the canonical form of everything that shapes an answer except the final user
 * text: what must be equal before two questions may be compared by meaning.
 *
 * @param hash the hash
 */
public record Fingerprint(ContentHash hash) {
  public Fingerprint {
    Objects.requireNonNull(hash, "hash");
  }

  /** Returns the 64 lower-case hexadecimal digits. */
  public String hex() {
    return hash.hex();
  }

  /**
   * Returns the fingerprint of these digits.
   *
   * @throws IllegalArgumentException if they are not 64 lower-case hexadecimal digits
   */
  public static Fingerprint ofHex(String hex) {
    Objects.requireNonNull(hex, "hex");
    return new Fingerprint(new ContentHash(hex));
  }

  @Override
  public String toString() {
    return hex();
  }
}
