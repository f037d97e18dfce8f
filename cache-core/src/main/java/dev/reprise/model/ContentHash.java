package dev.reprise.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * The SHA-256 (FIPS 180-4) of an image or a file. It represents the content in a key.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record ContentHash(String hex) {
  private static final int DIGITS = 64;
  private static final MessageDigest UNUSED = newDigest();

  public ContentHash {
    Objects.requireNonNull(hex, "hex");
    if (!isHash(hex)) {
      throw new IllegalArgumentException(
          "a SHA-256 has 64 lower-case hexadecimal digits, not: " + hex);
    }
  }

  private static boolean isHash(String hex) {
    if (hex.length() != DIGITS) {
      return false;
    }
    for (int i = 0; i < DIGITS; i++) {
      char c = hex.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /** Returns the hash of {@code content}. */
  public static ContentHash of(byte[] content) {
    Objects.requireNonNull(content, "content");
    return new ContentHash(HexFormat.of().formatHex(sha256().digest(content)));
  }

  /** Returns a new SHA-256 digest. */
  public static MessageDigest sha256() {
    try {
      // A copy of a digest that was never used is quicker to have than one from the providers.
      return (MessageDigest) UNUSED.clone();
    } catch (CloneNotSupportedException e) {
      return newDigest();
    }
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
