package dev.reprise.redis;

import dev.reprise.key.ExactKey;
import dev.reprise.model.ContentHash;
import dev.reprise.model.Tag;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Names what the tier keeps on Redis: a prefix, what it is, and hexadecimal digits. No name holds a
 * user's text.
 *
 * <pre>
 * reprise:entry:&lt;exact key&gt;      the entry, as {@link StoredValue} writes it
 * reprise:tag:&lt;SHA-256 of tag&gt;   the exact keys of the entries with that tag, scored by their expiry
 * </pre>
 */
record RedisKeys(String prefix) {
  /** As much of a tag's SHA-256 as a stored value carries, in bytes. */
  static final int TAG_BYTES = 16;

  byte[] entry(ExactKey key) {
    return entry(key.hex());
  }

  byte[] entry(String hex) {
    return ascii(prefix + "entry:" + hex);
  }

  byte[] tag(Tag tag) {
    return ascii(prefix + "tag:" + ContentHash.of(bytes(tag)).hex());
  }

  /** Returns the mark of {@code tag} in a stored value. */
  static byte[] mark(Tag tag) {
    return Arrays.copyOf(ContentHash.sha256().digest(bytes(tag)), TAG_BYTES);
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Every character as it is, halves of surrogate pairs too, so that two tags never become one. */
  private static byte[] bytes(Tag tag) {
    byte[] bytes = new byte[2 * tag.name().length()];
    for (int i = 0; i < tag.name().length(); i++) {
      bytes[2 * i] = (byte) (tag.name().charAt(i) >>> 8);
      bytes[2 * i + 1] = (byte) tag.name().charAt(i);
    }
    return bytes;
  }
}
