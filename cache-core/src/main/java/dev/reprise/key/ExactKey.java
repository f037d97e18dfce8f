package dev.reprise.key;

import dev.reprise.model.ContentHash;
import java.util.Objects;

/**
 * The SHA-256 over the canonical form of everything that shapes an answer. It is the entry's
 * identifier, too.
 *
 * @param hash the hash
 */
public record ExactKey(ContentHash hash) {
  public ExactKey {
    Objects.requireNonNull(hash, "hash");
  }

  /** Returns the 64 lower-case hexadecimal digits. */
  public String hex() {
    return hash.hex();
  }

  /**
   * Returns the key of these digits.
   *
   * @throws IllegalArgumentException if they are not 64 lower-case hexadecimal digits
   */
  public static ExactKey ofHex(String hex) {
    Objects.requireNonNull(hex, "hex");
    return new ExactKey(new ContentHash(hex));
  }

  @Override
  public String toString() {
    return hex();
  }
}
